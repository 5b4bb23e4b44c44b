"""Two rewordings of every class prompt of the recorded sets, to measure what wording costs.

Written on 2026-11-21 without looking at the caption banks, before the models since 1.0 were
trained. `tests/training/test_heldout.py` sees that none of them is in a bank.
"""

REWORDED: dict[str, tuple[str, str]] = {
    "a person walks": ("someone strolls along", "moving about on foot"),
    "a person sits down": ("taking a seat", "she lowers herself onto a chair"),
    "a person stands up": ("rising to one's feet", "he gets up out of the chair"),
    "a person picks something up": (
        "bending to collect an object off the ground",
        "someone stoops and lifts an item",
    ),
    "a person carries something while walking": (
        "walking along with a load in the arms",
        "someone transports a box on foot",
    ),
    "a person throws something": ("hurling an object away", "someone tosses a thing forwards"),
    "a person pushes something with both hands": (
        "shoving an object away, two-handed",
        "someone presses against a thing with their palms",
    ),
    "a person pulls something": (
        "tugging an object towards oneself",
        "someone drags a thing closer",
    ),
    "a person waves both hands": ("greeting with two raised arms", "both arms are waved hello"),
    "a person claps their hands": ("applauding", "someone gives a round of applause"),
    "a person puts something down on the floor with the right hand": (
        "laying an object on the ground with the right arm",
        "right-handed, someone sets a thing at their feet",
    ),
    "a person brings an elbow to the opposite knee": (
        "touching the knee with the elbow of the other arm",
        "standing crossover crunches, elbow meeting knee",
    ),
    "a person grabs something high up with the right hand": (
        "reaching overhead with the right arm to take an object",
        "right-handed, someone fetches a thing from the top shelf",
    ),
    "a person hops on both legs": ("bouncing on two feet", "small two-footed jumps"),
    "a person jogs in a circle to the left": (
        "running slowly round a leftward curve",
        "someone trots in an anticlockwise loop",
    ),
    "a person kicks forward with the left foot": (
        "a front strike of the left leg",
        "left-footed, someone boots a ball",
    ),
    "a person lies down on the floor": (
        "getting down to rest flat on the ground",
        "someone stretches out on the floor",
    ),
    "a person rotates both arms backward": (
        "both arms circle rearwards",
        "backward windmills with the two arms",
    ),
    "a person sneaks": ("tiptoeing stealthily", "someone creeps along without a sound"),
    "a person does a squat": (
        "bending the knees deeply and coming up again",
        "someone crouches low, then rises",
    ),
    "a person throws a basketball": (
        "shooting a ball at a hoop",
        "someone launches a basketball two-handed",
    ),
}


def reworded(text: str, wording: int) -> str:
    """The text itself (0) or one of its two rewordings (1, 2); others' texts stay."""
    return text if wording == 0 or text not in REWORDED else REWORDED[text][wording - 1]
