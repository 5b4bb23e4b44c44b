"""Word tables of the decomposition beyond those of the partition grammar. Data."""

from typing import Final

from engines.motion.partition_words import (
    ADVERBS,
    ARTICLES,
    DIRECTIONS,
    FORMS,
    OWNERS,
    PREPOSITIONS,
    forms_of,
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MORE_VERBS: Final = _words(
    """
    add arrest assist bake barbecue baste bathe beat bind board boil bowl braid bread break brew
    broil brown bake build burn butter buy cast charge chase check choose chuck coat coil comb
    combine compose connect construct control cook core crack cradle crash crimp crochet crush
    cube cultivate cure decorate deep-fry defrost deliver dice dig direct dissolve divide download
    drain drizzle drum dry dunk dust eject empty erase explain fasten film find fire fish fix
    flatten flavour flavor flour fly frost fry garnish gather glaze glue grate graze grease grill
    grind groom groom guide harvest haul heat help herd hoist hose hunt iron install insert keep
    knead label launch lather layer lead learn leave line load look lose mash marinate mark match
    measure meet melt mince mop mow mount nail open order pack park pay peel photograph phone
    pilot pipe play plough plow poach poke pound preheat press prick print puree push quarter race
    read refill remove repair replace rinse roast rub rush sail salt sand saute sauté saw scald
    score scoop scramble screw seal sear season sell send separate serve sew shape share sharpen
    shave shear shell shoot shop shred shuck sieve sift sign simmer sketch skewer skin slice slide
    smear smell smoke soak solder sort sow spice spoon spray spread sprinkle squash squirt stab
    stack stain steam steep stick stir stitch store strain strip stuff suck sweep swat swing tear
    tenderize tend thread tie tighten toast top touch tow toss trace train transfer trim twist
    unload unplug unroll vacuum visit warm wash water wax wear weed weld wet whisk wind wipe wrap
    write zest
    """
)
VERBS: Final = frozenset(FORMS) | {form for verb in _MORE_VERBS for form, _ in forms_of(verb)}
"""Every form of every verb that is known."""
PARTICLES: Final = (PREPOSITIONS | DIRECTIONS | {"off", "together", "apart", "for", "out"}) - {
    "left",
    "right",
}
"""Words that may stand between a verb and its object and belong to the verb."""
STARTS: Final = ARTICLES | OWNERS | {"this", "that", "these", "those", "another", "some", "any"}
"""Words that a noun phrase begins with."""
ENDS: Final = (
    PREPOSITIONS
    | (DIRECTIONS - {"left", "right"})
    | {"and", "while", "then", "or", "but", "off", "for", "from", "near", "behind", "until", "as"}
    | {"before", "after", "during", "beside", "inside", "outside", "under", "below", "between"}
)
"""Words that a noun phrase ends before."""
HANGING: Final = frozenset({"to", "with", "at", "for", "against", "toward", "towards"})
"""Particles that say nothing behind a verb whose object is not named."""
MANNER: Final = (
    ADVERBS
    | {*_words("fast slow high low hard soft twice once thrice well alone together sideways")}
    | {*_words("overhead outdoors indoors home there here")}
) - OWNERS
"""Words that say how or where and are no object; others end with -ly."""
NOTHING: Final = frozenset(_words("it them something someone things him her one this that"))
"""Words that stand for an object and name none."""
QUALITIES: Final = frozenset(
    _words(
        """
    red green blue yellow orange purple pink brown black white grey gray golden silver dark light
    big small large little tall short long round square flat heavy wooden metal plastic glass paper
    leather old new broken empty full hot cold wet dry clean dirty open closed tennis soccer
    coffee kitchen garden mobile electric striped soft hard
    """
    )
)
"""Words that say what a thing is like; a prompt that begins with one names a thing."""
