"""What people do in rendered scenes: verbs, objects, which go together, which pairs are held out.

Every verb and object of a held-out pair is seen in training with other partners. Data and pure
functions; the phrases are in the grammar of `training.synth.phrases`.
"""

from dataclasses import dataclass
from functools import cache

from training.synth.phrases import SUBJECTS, conjugate, expand, seeded


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, the ways to say it of an object `{o}`, and what it is done with."""

    name: str
    says: tuple[str, ...]
    objects: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "lift",
            ("lift~ {o} [|overhead|above {their} head|up high]", "hold~ {o} [overhead|up high]",
             "raise~ {o} [overhead|above {their} head]", "hoist~ {o}"),
            ("box", "ball", "chair", "guitar"), ("bag",),
        ),
        Verb(
            "carry",
            ("carry~ {o} [|in both hands|in front of {them}|while walking]", "walk~ with {o}",
             "transport~ {o}"),
            ("box", "chair", "bag", "bucket", "drum"), ("ball",),
        ),
        Verb(
            "throw",
            ("throw~ {o} [|away|with one hand]", "hurl~ {o}", "toss~ {o} [|away]", "fling~ {o}"),
            ("ball", "bag", "bottle", "cup"), ("book",),
        ),
        Verb(
            "kick",
            ("kick~ {o} [|away|with {their} foot]", "give~ {o} a kick", "strike~ {o} with a foot"),
            ("ball", "box", "bag"), ("bucket",),
        ),
        Verb(
            "push",
            ("push~ {o} [|forward|along|over the floor]", "shove~ {o}", "lean~ against {o}"),
            ("box", "cart", "drum"), ("chair",),
        ),
        Verb(
            "pull",
            ("pull~ {o} [|backward|along]", "drag~ {o} [|backward]", "tug~ {o}", "haul~ {o}"),
            ("chair", "cart", "bag"), ("box",),
        ),
        Verb(
            "grab",
            ("grab~ {o} [|from the floor|off the ground]", "pick~ {o} up [|from the floor]",
             "pick~ up {o}", "bend~ down for {o}"),
            ("ball", "box", "book", "bucket", "cup"), ("bottle",),
        ),
        Verb(
            "wave",
            ("wave~ {o} [|in the air|high|overhead]", "signal~ with {o}", "hold~ up {o} and wave~"),
            ("flag", "umbrella", "book"), ("racket",),
        ),
        Verb(
            "swing",
            ("swing~ {o} [|with both hands|to the side]", "strike~ with {o}", "hit~ with {o}"),
            ("racket", "hammer", "broom"), ("umbrella",),
        ),
        Verb(
            "read",
            ("read~ {o}", "look~ at {o}", "study~ {o}", "hold~ {o} and read~"),
            ("book", "phone", "newspaper"),
        ),
        Verb(
            "drink",
            ("drink~ [from|out of] {o}", "sip~ from {o}", "take~ a sip from {o}", "drink~ {o}"),
            ("bottle", "cup"),
        ),
        Verb(
            "ride",
            ("ride~ {o}", "sit~ on {o}", "be~ seated on {o}", "use~ {o} as a seat"),
            ("box", "ball", "bucket"), ("cart",),
        ),
        Verb(
            "jump",
            ("jump~ over {o}", "leap~ over {o}", "hop~ over {o}", "jump~ {o}"),
            ("box", "ball", "chair"), ("bag",),
        ),
        Verb(
            "balance",
            ("balance~ {o} [|on {their} head]", "carry~ {o} on {their} head"),
            ("book", "ball", "bottle", "box"), ("cup",),
        ),
        Verb(
            "play",
            ("play~ {o}", "make~ music with {o}", "play~ on {o}"),
            ("guitar", "drum"),
        ),
        Verb("squat", ("squat~ [|down]", "do~ squats", "do~ a [deep|] squat", "bend~ both knees")),
        Verb("clap", ("clap~ [|{their} hands]", "applaud~", "clap~ overhead")),
        Verb("bow", ("bow~ [|down|deeply]", "take~ a bow", "bend~ forward in greeting")),
        Verb("stretch", ("stretch~ [|out] {their} arms [|to the sides]", "stretch~",
                         "spread~ {their} arms")),
    )
}  # fmt: skip

OBJECTS = tuple(
    sorted({thing for verb in VERBS.values() for thing in (*verb.objects, *verb.held_out)})
)
Pair = tuple[str, str]
"""Verb and object; the object is "" where the verb is done alone."""
_MORE = {
    "lift": "book bucket umbrella drum bottle newspaper racket cart",
    "carry": "book guitar newspaper bottle cart umbrella",
    "throw": "phone racket hammer newspaper box bucket",
    "kick": "bottle cup drum chair book",
    "push": "bag bucket ball",
    "pull": "bucket drum ball",
    "grab": "phone hammer racket bag chair newspaper drum umbrella",
    "wave": "broom hammer newspaper bottle guitar bag",
    "swing": "guitar flag bottle bag chair",
    "drink": "bucket",
    "ride": "bag drum chair",
    "jump": "bucket drum cart bottle book umbrella",
    "balance": "bag bucket drum chair phone newspaper",
}
"""Odder pairs: the more partners each verb and object has, the less one gives the other away."""
SEEN: tuple[Pair, ...] = (
    *((verb.name, thing) for verb in VERBS.values() for thing in (verb.objects or ("",))),
    *((verb, thing) for verb, things in _MORE.items() for thing in things.split()),
)
UNSEEN: tuple[Pair, ...] = tuple(
    (verb.name, thing) for verb in VERBS.values() for thing in verb.held_out
)
PAIRS: tuple[Pair, ...] = SEEN + UNSEEN
_ODDEST = {
    "lift": "cup hammer broom flag phone",
    "carry": "racket hammer phone cup broom flag",
    "throw": "chair guitar umbrella cart flag",
    "kick": "umbrella guitar newspaper cart racket",
    "push": "bottle cup guitar umbrella newspaper",
    "pull": "umbrella guitar book racket",
    "grab": "broom flag guitar cart",
    "wave": "cup phone chair drum box",
    "swing": "newspaper drum book bucket ball cart",
    "read": "bottle box",
    "ride": "book bottle cup guitar umbrella newspaper",
    "jump": "guitar newspaper racket",
    "balance": "racket umbrella hammer cart guitar",
}
"""Pairs that training shows besides and nobody is asked for in tests: where people sit on anything,
a cart is known for a cart also when somebody sits on it."""
TRAINED: tuple[Pair, ...] = SEEN + tuple(
    (verb, thing) for verb, things in _ODDEST.items() for thing in things.split()
)

_ARTICLES = ("a", "the", "some", "")
_TEMPLATES = ("a photo of {}.", "A photo of {}.", "{}", "{}", "a picture of {}", "{} in the scene")


def label(pair: Pair) -> str:
    """The short label of a pair: "throw ball", or "squat"."""
    return " ".join(pair).strip()


@cache
def action_texts(pair: Pair, count: int = 40) -> tuple[str, ...]:
    """Wordings of what one does: the label, prompts with templates, sentences."""
    verb, thing = pair
    plain = label(pair)
    said = [plain, f"A photo of a person {plain}.", f"A photo of a person {_doing(verb, thing)}."]
    return _distinct(said, VERBS[verb].says, thing, seeded("action", verb, thing), count)


@cache
def verb_texts(verb: str, count: int = 20) -> tuple[str, ...]:
    """Wordings of a verb without its object."""
    says = VERBS[verb].says
    if not VERBS[verb].objects:
        return action_texts((verb, ""))
    said = [
        f"A photo of a person {verb} something.",
        f"A photo of a person {_doing(verb, 'something')}.",
        f"someone {_doing(verb, 'something')}",
    ]
    return _distinct(said, says, "something", seeded("verb", verb), count)


@cache
def object_texts(thing: str) -> tuple[str, ...]:
    """Wordings of someone who has to do with an object."""
    people = ("a person", "someone", "a man", "a woman")
    using = [f"{who} {use} {article}{thing}" for who in people
             for use in ("using", "with", "and") for article in ("", "a ", "the ")]  # fmt: skip
    photos = [f"A photo of a person using {article}{thing}." for article in ("", "a ", "the ")]
    return (*photos, f"A photo of a {thing}.", *using)


PEOPLE_TEXTS = (
    "A photo of a person.", "A photo of a person doing something.", "a photo of a person",
    "A photo of people.", "a person", "someone", "people in the scene", "somebody doing something",
)  # fmt: skip
"""What fits anybody."""


def _doing(verb: str, thing: str) -> str:
    return conjugate(f"{verb}~ {thing}".strip(), "gerund")


def _distinct(
    said: list[str], says: tuple[str, ...], thing: str, rng, count: int
) -> tuple[str, ...]:
    """The given texts and random wordings of the phrases, `count` in all if there are so many."""
    texts = dict.fromkeys(said)
    for _ in range(6 * count):
        if len(texts) >= count:
            break
        texts[_wording(says, thing, rng)] = None
    return tuple(texts)


def _wording(says: tuple[str, ...], thing: str, rng) -> str:
    choices = expand(says[rng.integers(len(says))])
    phrase = choices[rng.integers(len(choices))]
    article = "" if thing in ("", "something") else _ARTICLES[rng.integers(len(_ARTICLES))]
    phrase = phrase.replace("{o}", f"{article} {thing}".strip())
    form = ("third", "base", "gerund")[rng.integers(3)]
    who, their = SUBJECTS[rng.integers(len(SUBJECTS))]
    text = conjugate(phrase, form, their)
    if form != "base":
        text = f"{who} {text}"
    elif rng.random() < 0.5:
        text = f"a person {text}"
    return _TEMPLATES[rng.integers(len(_TEMPLATES))].format(text)
