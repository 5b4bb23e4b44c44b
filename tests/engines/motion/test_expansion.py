"""The dictionary of verbs: every phrase is found in all its forms, and left is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import lexicon
from engines.motion import expansion
from engines.motion.partition_words import BASE, FORMS

PHRASES = sorted(" ".join(phrase) for phrase in expansion._table())
VERBS = sorted(phrase for phrase in PHRASES if "base" in FORMS.get(phrase, ()))
SIDES = ("", " with the left hand", " with the right hand", " to the left", " with the right foot")


def test_the_dictionary_is_large():
    """Several hundred phrases, each with one to four descriptions, none said twice."""
    table = expansion._table()
    assert len(table) >= 600
    assert all(1 <= len(says) <= 4 and len(set(says)) == len(says) for says in table.values())


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_describes_itself(phrase):
    """A phrase of the dictionary gives its own descriptions, with all sides filled in."""
    texts = expansion.describe(phrase)
    assert texts
    assert not any(set(text) & set("{}[]|~") for text in texts)


@given(st.sampled_from(VERBS), st.sampled_from(["a person {}", "{}", "The man {}."]))
def test_verbs_are_found_in_all_forms(verb, frame):
    """juggle, juggles, juggling and juggled are described alike."""
    forms = [word for word, base in BASE.items() if base == verb]
    assert len(forms) >= 3
    assert len({expansion.describe(frame.format(word)) for word in forms}) == 1


@given(st.sampled_from(PHRASES), st.sampled_from(SIDES))
def test_the_mirrored_prompt_has_the_mirrored_descriptions(phrase, side):
    """Left in the prompt is left in the description; without a side both sides are there."""
    text = phrase + side
    mirrored = {lexicon.mirror(each) for each in expansion.describe(text)}
    assert set(expansion.describe(lexicon.mirror(text))) == mirrored


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_alone_is_described_wholly(phrase):
    """Who does it, and how it is said, takes nothing away."""
    assert expansion.share(phrase) == 1
    assert expansion.share(f"The patient {phrase}.") == 1


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("walks with a heavy box", 1 / 3),
        ("walks and waves", 1),
        ("does a squat", 1),
        ("kicks forward with the left foot", 1),
        ("throws something", 1),
        ("throws the keys", 1 / 2),
        ("picks the red box up", 2 / 4),
        ("waves while sitting on a red chair", 1),
        ("blorps", 0),
        ("", 0),
    ],
)
def test_what_a_description_leaves_out_lessens_its_share(text, share):
    """Things and ways that the dictionary says nothing of are counted, what is kept is not."""
    assert expansion.share(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A person picks the red box up.", "picks up"),
        ("walking along with a load in the arms", "walking"),
        ("he stretches his right arm up", "stretches arm up"),
        ("claps while walking", "claps"),
        ("a person frobnicates", ""),
    ],
)
def test_what_is_described_are_the_words_it_was_found_by(text, words):
    """In their order, without the rest of the prompt."""
    assert expansion.verbs(text) == words


@given(st.text(max_size=80))
def test_any_text_is_fine(text):
    """Whatever a client sends, there are few descriptions and no placeholders in them."""
    texts = expansion.describe(text)
    assert 0 <= expansion.share(text) <= 1
    assert bool(texts) == (expansion.share(text) > 0)
    assert len(texts) <= 6
    assert not any("{S}" in each or "{O}" in each for each in texts)


@pytest.mark.parametrize(
    "text", ["", "...", "blorps", "a person", "while sitting", "zqx and vlorp"]
)
def test_unknown_words_stay_plain(text):
    """A text without a verb of the dictionary has no description."""
    assert expansion.describe(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("salutes with the left hand", {"left"}),
        ("waves the left hand and kicks with the right foot", {"left hand", "right leg"}),
        ("touches the left knee with the right hand", {"left knee", "right hand"}),
        ("juggles while sitting on a chair", {"while sitting on a chair"}),
        ("picks the big red box up", {"floor"}),
        ("both hands wave", {"both hands"}),
        ("does a curtsy", {"bend the knees"}),
        ("takes a free throw", {"above the head"}),
        ("throws and catches a ball", {"head", "stretch both hands forward"}),
        ("crouches low, then rises", {"bent knees", "come up"}),
    ],
)
def test_what_the_prompt_says_is_kept(text, words):
    """Sides, both hands, objects in between and what is done meanwhile come through."""
    first = expansion.describe(text)[0]
    assert all(word in first for word in words), first


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("runs backwards", "forward"),
        ("holds a drink", "mouth"),
        ("crouches low", "come up"),
        ("stands on a box", "quickly"),
    ],
)
def test_what_the_prompt_does_not_say_is_not_said(text, absent):
    """Another way to go, and things that are only named, bring no descriptions."""
    assert not any(absent in each for each in expansion.describe(text))
