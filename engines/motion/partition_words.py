"""Word tables of the partition grammar: verbs of motion in all their forms, persons, small words.
Data."""

from typing import Final, Literal

Form = Literal["base", "third", "gerund", "past"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_VERBS: Final = _words(
    """
    advance aim approach arrange assemble avoid back balance beckon begin bend block blow bounce
    bow box breathe bring brush bump button call carry cartwheel catch cha-cha change chase
    check cheer chop circle clap clean clench climb close collapse collect come continue cool
    cough count cover crawl creep cross crouch curl cut dance dash dial dip dive do dodge drag
    draw dribble drink drive drop duck eat enter exercise exhale extend face fall fetch fidget
    fight finish flap flex flip fold follow freeze gallop gesture get give glance go grab grasp
    greet grip halt hammer hand hang head hit hobble hold hook hop hug hurdle imitate inhale jab
    jerk jog join juggle jump keep kick kneel knock land laugh lean leap leave let lie lift limp
    listen load lock look loosen lower lunge make march massage mime mimic mix mop move nod
    offer open operate pace pack paint pant pass pat pause pedal perform pet pick pirouette
    pivot place plant play plug point pose pour practice practise prepare present press pretend
    pull pump punch push put raise rake reach read recover relax release remove repeat rest
    retreat return reverse ride rise rock roll rotate row rub run sag salute saw scoop scrape
    scratch screw scrub sculpt seesaw seize serve set shadowbox shake shift shimmy shoot shout
    shovel shrug shuffle side-step sidestep sing sip sit skate ski skip slap slash slide slip
    slow smoke snap sneak sniff spin split spread spring sprint squat squeeze stagger stand
    start stay steer step stir stomp stoop stop straddle straighten stretch strike stroke stroll
    stumble stop strum swap sway sweep swim swing swipe tap take talk teach tear text throw
    thrust tie tilt tip tiptoe toe-tap toss touch tread trip trot trudge try tuck turn twirl
    twist type uncross undo unfold unlock unscrew use vacuum vault wade wait wake walk waltz
    warm wash watch wave weave weigh whip wind wipe wobble work wrap wring write yawn zip
    """
)

_IRREGULAR_PAST: Final = {
    "begin": "began", "bend": "bent", "blow": "blew", "bring": "brought", "catch": "caught",
    "come": "came", "creep": "crept", "cut": "cut", "do": "did", "draw": "drew", "drink": "drank",
    "drive": "drove", "eat": "ate", "fall": "fell", "fight": "fought", "freeze": "froze",
    "get": "got", "give": "gave", "go": "went", "hang": "hung", "hit": "hit", "hold": "held",
    "keep": "kept", "kneel": "knelt", "leap": "leapt",
    "let": "let", "lie": "lay", "make": "made", "put": "put", "read": "read", "ride": "rode",
    "rise": "rose", "run": "ran", "set": "set", "shake": "shook", "shoot": "shot", "sing": "sang",
    "sit": "sat", "slide": "slid", "spin": "spun", "split": "split", "spread": "spread",
    "spring": "sprang", "stand": "stood", "strike": "struck", "sweep": "swept",
    "swim": "swam", "swing": "swung", "take": "took", "teach": "taught", "tear": "tore",
    "throw": "threw", "wake": "woke", "weave": "wove", "wind": "wound", "wring": "wrung",
    "write": "wrote",
}  # fmt: skip
_DOUBLING: Final = frozenset(
    _words(
        """
    begin chop clap cut dip drag drop flap flip get grab grip hit hop hug hum jab jog
    let mop nod pat pet plug put rub run sag scrub set shrug sip sit skip slap slip snap
    spin split squat step stop strum swap swim tap tip trip trot wrap zip
    """
    )
)


def _forms(verb: str) -> dict[str, Form]:
    stem = verb + verb[-1] if verb in _DOUBLING else verb
    bare = stem.removesuffix("e") if not stem.endswith(("ee", "oe")) else stem
    soft = verb[-1] == "y" and verb[-2] not in "aeiou"
    third = verb[:-1] + "ies" if soft else verb + "s"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = verb + "es"
    gerund = verb[:-2] + "ying" if verb.endswith("ie") else bare + "ing"
    past = verb[:-1] + "ied" if soft else bare + "ed"
    return {verb: "base", third: "third", gerund: "gerund", _IRREGULAR_PAST.get(verb, past): "past"}


def _table() -> tuple[dict[str, set[Form]], dict[str, str]]:
    forms: dict[str, set[Form]] = {}
    bases: dict[str, str] = {}
    for verb in _VERBS:
        for word, form in _forms(verb).items():
            forms.setdefault(word, set()).add(form)
            bases.setdefault(word, verb)
    return forms, bases


FORMS: Final = _table()[0]
"""Every form of every verb: word -> which forms it can be."""
BASE: Final = _table()[1]
"""Every form of every verb: word -> the verb."""

PERSONS: Final = _words(
    """
    person man woman boy girl child kid player patient worker actor performer dancer boxer
    athlete subject figure human individual guy lady user student trainee participant operator
    character avatar runner walker soldier customer nurse teacher trainer guest people
    """
)
"""Nouns that mean the person who is watched."""
ARTICLES: Final = frozenset(
    _words(
        """
    a an one two three four five six seven eight nine ten some
    """
    )
)
OWNERS: Final = frozenset(
    _words(
        """
    the his her your their my its our both each
    """
    )
)
DIRECTIONS: Final = frozenset(
    _words(
        """
    left right up down forward forwards backward backwards back sideways upward upwards downward
    downwards in out inward outward clockwise counterclockwise anticlockwise straight away
    around over
    """
    )
)
PREPOSITIONS: Final = frozenset(
    _words(
        """
    with to from on onto in into at by over under through across along around against towards
    toward
    """
    )
)
ADVERBS: Final = frozenset(
    _words(
        """
    also now just still again immediately once soon almost even both alternately back
    """
    )
)
LIGHT: Final = frozenset(
    _words(
        """
    do perform make practice practise execute demonstrate throw
    """
    )
)
"""Verbs that say little; the nouns behind them name the action."""
NEEDS_OBJECT: Final = frozenset(
    _words(
        """
    raise lower lift extend flex open close cross uncross grab grasp clench loosen lock unlock
    press release rub wash wrap wind carry hold bring put place take make use push pull
    """
    )
)
"""Verbs that say nothing without an object: `raises and lowers the arms` is one unit."""
PAIRS: Final = frozenset(
    {
        ("bend", "straighten"),
        ("bend", "stretch"),
        ("open", "close"),
        ("twist", "turn"),
        ("flex", "extend"),
    }
)
"""Verbs whose pair names one movement."""
