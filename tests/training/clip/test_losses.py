"""What the losses of the bundled CLIP reward."""

import torch
from torch.nn import functional as F

from training.clip import losses, texts
from training.clip.network import Seen

E, N = 24, 6


def world() -> tuple[torch.Tensor, losses.Targets]:
    """Texts of all classes and two actors, of three patches each, who do the first two actions."""
    generator = torch.Generator().manual_seed(0)
    text = F.normalize(torch.randn(texts.CLASSES, E, generator=generator), dim=-1)
    cover = torch.zeros(1, 2, 2, N)
    cover[0, 0, :, :3], cover[0, 1, :, 3:] = 1.0, 1.0
    classes = torch.from_numpy(texts.classes_of(torch.tensor([[0, 9]]).numpy()))
    return text, losses.Targets(cover, classes)


def seen(text: torch.Tensor, targets: losses.Targets, *, swapped: bool) -> Seen:
    """Patches that look like the action of their actor, or of the other one."""
    actions = targets.classes[0, :, 0]
    first, second = text[actions[1 if swapped else 0]], text[actions[0 if swapped else 1]]
    patches = torch.stack([first] * 3 + [second] * 3)[None]
    return Seen(patches, F.normalize(first + second, dim=-1)[None], torch.zeros(1, N, 8))


def test_pointing_at_the_right_actor_costs_less() -> None:
    """Patches that match their own actor's text are better in every loss of maps."""
    text, targets = world()
    objective = losses.Objective(8)
    right = objective(seen(text, targets, swapped=False), text, targets)
    wrong = objective(seen(text, targets, swapped=True), text, targets)
    assert right["point"] < wrong["point"]
    assert right["name"] < wrong["name"]


def test_an_image_that_shows_what_is_there_costs_less() -> None:
    """An embedding of the classes shown is better than one of others."""
    text, targets = world()
    objective = losses.Objective(8)
    good = seen(text, targets, swapped=False)
    bad = Seen(good.patches, text[20:21], good.tokens)
    assert objective(good, text, targets)["image"] < objective(bad, text, targets)["image"]


def test_nobody_and_no_object_are_no_class() -> None:
    """-1 in the classes is a member of nothing."""
    _, targets = world()
    nobody = losses.Targets(targets.cover, torch.full_like(targets.classes, -1))
    assert nobody.members().sum() == 0
    assert (targets.members().sum(-1) <= 4).all()


def test_an_object_is_told_by_its_own_patches_most() -> None:
    """A patch of the object that shows it is worth more than one of its actor that does."""
    text, targets = world()
    targets.cover[:, :, 1] = 0.0
    targets.cover[0, 0, 1, 0] = targets.cover[0, 1, 1, 3] = 1.0
    objective = losses.Objective(8)
    thing = text[targets.classes[0, 0, 2]]
    costs = []
    for patch in (0, 1):
        patches = torch.zeros(1, N, E)
        patches[0, patch] = thing
        looked = Seen(patches, text[:1], torch.zeros(1, N, 8))
        costs.append(objective(looked, text, targets)["name"])
    assert costs[0] < costs[1]


def test_a_verb_of_one_with_the_object_of_another_is_absent() -> None:
    """Patches that show who does what with what are better than such as show the parts crossed."""
    text, targets = world()
    (v1, o1), (v2, o2) = targets.classes[0, :2, 1:3]
    own = torch.stack([text[v1] + text[o1]] * 3 + [text[v2] + text[o2]] * 3)
    crossed = torch.stack([text[v1] + text[o2]] * 3 + [text[v2] + text[o1]] * 3)
    objective, image, tokens = losses.Objective(8), text[:1], torch.zeros(1, N, 8)
    right, wrong = (
        objective(Seen(F.normalize(patches, dim=-1)[None], image, tokens), text, targets)["bound"]
        for patches in (own, crossed)
    )
    assert right < wrong
