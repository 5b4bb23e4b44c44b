"""Word tables of the partition grammar: verbs of motion in all their forms, persons, small words.
Data."""

from typing import Final, Literal

Form = Literal["base", "third", "gerund", "past"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_VERBS: Final = _words(
    """
    advance aim applaud approach arrange assemble avoid back balance beckon begin bend bite
    bless blink block blow bob bounce bow box breathe bring brush buckle bump button call
    carry cartwheel catch cha-cha change chase check cheer chew chop circle clap clean
    clench climb close collapse collect come console continue cool cough count cover crawl
    creep cross crouch cuddle curl curtsy cut dance dash dial dip dismount dive do dodge
    drag draw dress dribble drink drive drop duck dunk eat embrace enter examine exercise
    exhale extend face faint fall fasten feed fetch fidget fight fill finish flap flex flip
    fold follow freeze frown gallop gesture get give glance go grab grasp greet grin grip
    grow halt hammer hand hang head hiccup hide hit hobble hold hook hop hug hurdle hurry
    imitate inhale inspect jab jerk jog join juggle jump keep kick kiss kneel knit knock
    land laugh lean leap leave let lick lie lift limp listen load lock look loosen lower
    lunge make march marvel massage meditate mime mimic mix mop mount move nap nod nudge
    offer open operate pace pack paddle paint pant part pass pat pause pedal peddle peek peel
    perform pet pick pinch pirouette pivot place plant play plug point poke polish pose
    pounce pour practice practise pray prepare present press pretend prod pull pump punch
    push put raise rake reach read recover relax release remove repeat rest retreat return
    reverse ride rinse rise rock roll rotate row rub run rush sag salute saw scamper scan
    scoop scrape scratch scream screw scrub sculpt scurry search seesaw seize serve set sew
    shadowbox shake shave shift shimmy shiver shoot shout shovel shrink shrug shuffle
    side-step sidestep sigh sing sip sit skate ski skid skip slap slash sleep slide slip
    slouch slow slump smash smile smoke snap sneak sneeze sniff spin spit split spray spread
    spring sprinkle sprint squat squeeze squirm stagger stand start stay steer step stir
    stomp stoop stop straddle straighten stretch strike stroke stroll strum stumble surf
    swallow swap sway sweep swim swing swipe tackle take talk tap taste teach tear text
    throw thrust tie tilt tip tiptoe toe-tap toss touch tread tremble trip trot trudge try
    tuck turn twirl twist twitch type unbuckle unbutton uncross undo undress unfasten unfold
    unhook unlock unpack unscrew untie unwrap use vacuum vault wade wait wake walk waltz
    warm wash watch wave weave weigh whip whisper whistle wiggle wind wink wipe wobble work
    wrap wriggle wring write writhe yawn yell zigzag zip
    """
)

_IRREGULAR_PAST: Final = {
    "begin": "began", "bend": "bent", "bite": "bit", "blow": "blew", "bring": "brought",
    "catch": "caught", "come": "came", "creep": "crept", "cut": "cut", "do": "did", "draw": "drew",
    "drink": "drank", "drive": "drove", "eat": "ate", "fall": "fell", "feed": "fed",
    "fight": "fought", "freeze": "froze", "get": "got", "give": "gave", "go": "went",
    "hang": "hung", "hide": "hid", "hit": "hit", "hold": "held", "keep": "kept", "kneel": "knelt",
    "leap": "leapt", "let": "let", "lie": "lay", "make": "made", "put": "put", "read": "read",
    "ride": "rode", "rise": "rose", "run": "ran", "set": "set", "shake": "shook", "shoot": "shot",
    "shrink": "shrank", "sing": "sang", "sit": "sat", "sleep": "slept", "slide": "slid",
    "spin": "spun", "split": "split", "spread": "spread", "spring": "sprang", "stand": "stood",
    "strike": "struck", "sweep": "swept", "swim": "swam", "swing": "swung", "take": "took",
    "teach": "taught", "tear": "tore", "throw": "threw", "wake": "woke", "weave": "wove",
    "wind": "wound", "wring": "wrung", "write": "wrote",
}  # fmt: skip
_DOUBLING: Final = frozenset(
    _words(
        """
    begin bob chop clap cut dip drag drop flap flip get grab grin grip hit hop hug hum jab
    jog knit let mop nap nod pat pet plug put rub run sag scrub set shrug sip sit skid skip
    slap slip snap spin split squat step stop strum swap swim tap tip trip trot unwrap wrap
    zip
    """
    )
)


def forms_of(verb: str) -> list[tuple[str, Form]]:
    """All forms of a verb, each with what it is."""
    stem = verb + verb[-1] if verb in _DOUBLING else verb
    bare = stem.removesuffix("e") if not stem.endswith(("ee", "oe")) else stem
    soft = verb[-1] == "y" and verb[-2] not in "aeiou"
    third = verb[:-1] + "ies" if soft else verb + "s"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = verb + "es"
    gerund = verb[:-2] + "ying" if verb.endswith("ie") else bare + "ing"
    past = verb[:-1] + "ied" if soft else bare + "ed"
    past = _IRREGULAR_PAST.get(verb, past)
    return [(verb, "base"), (third, "third"), (gerund, "gerund"), (past, "past")]


def _table() -> tuple[dict[str, set[Form]], dict[str, str]]:
    forms: dict[str, set[Form]] = {}
    bases: dict[str, str] = {}
    for verb in _VERBS:
        for word, form in forms_of(verb):
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
    athlete subject figure human individual guy lady user student trainee participant
    operator character avatar runner walker soldier customer nurse teacher trainer guest
    people skater swimmer gymnast golfer climber skier cyclist goalkeeper fencer wrestler
    archer chef waiter waitress doctor therapist instructor musician drummer conductor
    mechanic carpenter gardener painter driver magician clown singer elder grandmother
    grandfather mother father senior adult toddler teenager visitor passenger warrior
    fighter snowboarder surfer
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
SMALL: Final = frozenset[str]().union(
    ARTICLES,
    OWNERS,
    PREPOSITIONS,
    ADVERBS,
    _words(
        """
    i you he she they it we s someone somebody something thing things object objects item
    items and then or of for off out up down as is are being
    """
    ),
)
"""Words that say little of what is done; with `PERSONS`, nothing that could be looked for."""
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
