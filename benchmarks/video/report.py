"""Tallies as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.table import table
from benchmarks.video import absence
from benchmarks.video.ablation import FULL, PLAIN, WAYS, Tally
from benchmarks.video.absence import Evidence
from benchmarks.video.pointing import accuracy
from engines.models import Presence
from engines.video import presence
from engines.video.weights import CHOICES

NAMES = {
    PLAIN: "plain attention (last layer)",
    "plain_gem": "GEM, no layer weights",
    "static": "GEM, static",
    "dynamic": "GEM, dynamic",
    "static_dynamic": "GEM, static + dynamic",
}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What was found on one set of scenes: pointing and presence."""

    pointing: Tally
    presence: Evidence


def ablation(tally: Tally) -> str:
    """Pointing accuracy of every method, the guesses first."""
    rows = [["image centre", _percent(tally.centre), "", ""]]
    if tally.actor:
        rows.append(["random actor", _percent(tally.actor), "", ""])
    for name in (PLAIN, *CHOICES):
        if (name, WAYS[0]) in tally.hits:
            rows.append([NAMES[name], *(_percent(tally.hits[name, way]) for way in WAYS)])
    return table([f"pointing accuracy, %, {len(tally.centre)} prompts", *WAYS], rows)


def contributions(tally: Tally) -> str:
    """What each ingredient adds, in points, with the standard error of the paired difference."""
    alone, maps, points = WAYS
    steps = [
        ("GEM over plain attention", (PLAIN, alone), ("plain_gem", alone)),
        ("static over no weights", ("plain_gem", alone), ("static", alone)),
        ("dynamic over no weights", ("plain_gem", alone), ("dynamic", alone)),
        ("dynamic over static", ("static", alone), ("static_dynamic", alone)),
        ("decomposition, maps", ("static_dynamic", alone), ("static_dynamic", maps)),
        ("decomposition, points", ("static_dynamic", alone), ("static_dynamic", points)),
    ]
    rows = []
    for name, before, after in steps:
        if before in tally.hits:
            gain = np.array(tally.hits[after]) - np.array(tally.hits[before])
            error = 100 * gain.std() / np.sqrt(len(gain))
            rows.append([name, f"{100 * gain.mean():+.1f}", f"{error:.1f}"])
    return table(["ingredient", "points", "standard error"], rows)


def groups(tally: Tally) -> str:
    """The full method, and the guesses, on seen and unseen pairs and by how many actors."""
    seen, actors = np.array(tally.seen), np.array(tally.actors)
    masks = [
        ("all", np.ones(len(seen), bool)),
        ("seen verb-object pairs", seen),
        ("unseen verb-object pairs", ~seen),
        *((f"{count} actors", actors == count) for count in sorted(set(tally.actors))),
    ]
    hits = [np.array(each) for each in (tally.hits[FULL], tally.actor, tally.centre)]
    rows = [
        [name, int(mask.sum()), *(_percent(each[mask]) for each in hits)]
        for name, mask in masks
        if mask.any()
    ]
    made = table(["prompts", "count", "full method", "random actor", "image centre"], rows)
    return (
        f"{made}\n\n{_gap(hits[0][seen], hits[0][~seen])}" if 0 < seen.sum() < len(seen) else made
    )


def _gap(seen: np.ndarray, unseen: np.ndarray) -> str:
    points = 100 * (seen.mean() - unseen.mean())
    error = 100 * np.sqrt(seen.var() / len(seen) + unseen.var() / len(unseen))
    return f"Seen minus unseen pairs: {points:+.1f} points, standard error {error:.1f}."


def absent(found: Evidence, calibration: Presence) -> str:
    """How many absent actions are refused, by what evidence."""
    chances = presence.probability(found.rows, calibration)
    everything = np.ones(len(chances), bool)
    rows = [
        [name, "90.0", f"{absence.rejection(scores[mask], found.present[mask]):.1f}"]
        for name, scores, mask in (
            ("image alone", found.rows[:, 0], everything),
            ("best patch alone", found.rows[:, 1], everything),
            ("all together, as calibrated", chances, everything),
            ("all together, seen pairs", chances, found.seen),
            ("all together, unseen pairs", chances, ~found.seen),
        )
        if found.present[mask].any() and not found.present[mask].all()
    ]
    kept, refused = absence.as_calibrated(found, calibration)
    rows.append(["at the manifest's threshold", f"{kept:.1f}", f"{refused:.1f}"])
    return table(["presence", "present ones kept, %", "absent ones refused, %"], rows)


def standings(found: Mapping[str, Standing], calibration: Presence) -> str:
    """Sets of scenes side by side: the full method, and absence at 90 % recall and as shipped."""
    rows = []
    for name, each in found.items():
        hits, seen = np.array(each.pointing.hits[FULL]), np.array(each.pointing.seen)
        chances = presence.probability(each.presence.rows, calibration)
        kept, refused = absence.as_calibrated(each.presence, calibration)
        row = [name, len(hits), *(_percent(hits[mask]) for mask in (seen | True, seen, ~seen))]
        row += [_percent(each.pointing.actor)]
        row += [f"{absence.rejection(chances, each.presence.present):.1f}"]
        rows.append([*row, f"{kept:.1f} kept, {refused:.1f} refused"])
    header = ["scenes", "prompts", "full method", "seen pairs", "unseen pairs", "random actor"]
    header += ["absent refused, 90 % kept", "at the manifest's threshold"]
    return table(header, rows)


def _percent(hits: Sequence[float] | np.ndarray) -> str:
    return f"{accuracy(hits):.1f}"
