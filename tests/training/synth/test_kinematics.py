"""Kinematic captions say what is there: side, place, repetition, posture, way."""

import numpy as np
import pytest

from engines.motion.skeleton import MIRROR
from training.synth import compose, kinematics
from training.synth.body import Body, joints
from training.synth.measures import measure, swings
from training.synth.phrases import mirror_text


def performed(name: str, side: str = "", seed: int = 5) -> np.ndarray:
    item = compose.perform(name, np.random.default_rng(seed), side=side)
    return joints(compose.play([item])[0], Body())


def said(motion: np.ndarray) -> str:
    return " | ".join(text for _, _, text in kinematics.facts(measure(motion)))


@pytest.mark.parametrize(
    ("name", "side", "words"),
    [
        ("walk", "", "forward"),
        ("walk_back", "", "backward"),
        ("sidestep", "left", "sideways to the left"),
        ("turn", "right", "to the right"),
        ("raise_hand", "left", "the left hand"),
        ("kick", "right", "the right [leg|foot]"),
        ("leg_raise_side", "left", "the left leg [out to the side"),
        ("jump", "", "leave~ the floor with both feet"),
        ("clap", "", "together in front of the [chest|body] [again and again"),
        ("wave_both", "", "side to side"),
        ("squat", "", "bend~ both knees"),
        ("sit_down", "", "body"),
        ("stand_up", "", "rise~"),
        ("side_bend", "right", "to the right"),
        ("bow", "", "the upper body"),
        ("pick_up_step", "right", "reach~ down"),
        ("stand_idle", "", "stay~ in place"),
        ("arm_circles_backward", "", "[all the way round|in big circles] backward"),
        ("arm_circles_forward", "", "[all the way round|in big circles] forward"),
        ("elbow_knee", "right", "[twist~|turn~] the [trunk|upper body] to the left"),
        ("march", "", "[raise~|lift~] the knees in turn"),
        ("hands_on_hips", "", "the left hand on the hip"),
        ("punch", "left", "[back and forth|to and fro] [quickly|fast]"),
        ("torso_twist", "", "[from side to side|to both sides in turn]"),
    ],
)
def test_a_known_motion_is_described(name: str, side: str, words: str) -> None:
    """The description of a primitive holds what it is known to do."""
    assert words in said(performed(name, side))


@pytest.mark.parametrize("name", ["kick", "wave", "raise_hand", "side_bend", "turn", "sidestep"])
def test_the_mirrored_motion_has_the_mirrored_description(name: str) -> None:
    """Left is left: reflect the joints and every side word swaps."""
    motion = performed(name, "left")
    reflected = motion[:, list(MIRROR)] * np.array([-1.0, 1.0, 1.0], np.float32)
    assert set(said(reflected).split(" | ")) == set(mirror_text(said(motion)).split(" | "))


def test_size_and_heading_do_not_matter() -> None:
    """A smaller body that faces elsewhere is described in the same words."""
    motion = performed("kick", "right")
    angle = 1.1
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    assert said((motion * 0.7 @ turn.T).astype(np.float32)) == said(motion)


def test_a_body_on_its_side_faces_nowhere() -> None:
    """No left, right or forward is said where it cannot be told."""
    words = said(performed("side_idle"))
    assert "left" not in words
    assert "right" not in words
    assert "forward" not in words


def test_swings_counts_cycles() -> None:
    """Three sine periods are three; a drift is none; noise under the threshold is none."""
    t = np.linspace(0, 1, 120)
    assert swings(np.sin(2 * np.pi * 3 * t), 0.5) == 3
    assert swings(t, 0.5) == 0
    assert swings(np.sin(40 * t) * 0.1, 0.5) == 0


def test_descriptions_are_sentences_made_of_known_facts() -> None:
    """No marks are left, every fact of a sentence is among all facts, and too short a motion has
    none."""
    motion = performed("jumping_jack")
    said, facts = kinematics.described(motion, np.random.default_rng(0), 6)
    assert said
    assert not any(mark in one.text for one in said for mark in "[]{}|~")
    assert all(one.facts and set(one.facts) <= set(facts) for one in said)
    assert kinematics.described(motion[:5], np.random.default_rng(0)) == ((), ())


def test_a_sentence_says_one_fact_of_a_topic() -> None:
    """Nothing is said twice: neither a place with and without its movement, nor two ways."""
    motion = performed("clap")
    topics = {fact.phrase: fact.topic for fact in kinematics.facts(measure(motion))}
    assert len(set(topics.values())) < len(topics)
    said, _ = kinematics.described(motion, np.random.default_rng(1), 20)
    assert any(len(one.facts) > 1 for one in said)
    assert all(len({topics[f] for f in one.facts}) == len(one.facts) for one in said)
