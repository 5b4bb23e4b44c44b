"""Hand-keyed CC0 clips: KayKit's and Mesh2Motion's characters, named by hand after looking at them.

Clips that are no person moving (poses, spawning, skeletons waking up) have no entry and are left
out. KayKit's short, wide figures are given human bone lengths, directions kept.
"""

from pathlib import Path

import numpy as np

from engines.motion.skeleton import PARENTS
from training.data import Sequence
from training.sets import glb
from training.sets.wording import Wording, whole
from training.synth.body import Body, joints
from training.synth.motion import base_row

_LOOP_FRAMES = 60
_SWORD = (
    "[swing~|slash~ with] a sword",
    "=sword attack",
    "=sword swing",
    "strike~ with a sword",
    "attack~ with a [sword|weapon]",
)
_MAGIC = ("cast~ a spell", "do~ magic", "=spell casting", "raise~ {their} hand to cast magic")
_DANCE = ("dance~ [|around|to the music]", "=dance", "=dancing", "do~ a dance", "groove~")
_FALL = (
    "fall~ [down|to the ground]",
    "collapse~ [to the floor|]",
    "=falling down",
    "drop~ dead",
    "die~ [and fall~ down|]",
)
_SHOOT = (
    "shoot~ a [gun|pistol|rifle]",
    "fire~ a gun",
    "=shooting",
    "pull~ the trigger",
    "aim~ and fire~",
)
_AIM = ("aim~ a [gun|pistol|weapon]", "=aiming", "point~ a gun", "hold~ a gun ready")
_RELOAD = ("reload~ a [gun|weapon]", "=reloading", "load~ a gun")
_LAND = ("land~ [from a jump|on {their} feet]", "=landing", "come~ down from a jump")
_AIR = ("be~ in the air", "float~ in the air", "=mid-air", "fall~ through the air")
_TAKE_OFF = ("jump~ up", "take~ off", "=jump start", "leap~ into the air")
_BLOCK = (
    "block~ [|an attack|with a shield]",
    "=block",
    "defend~ {them}self",
    "hold~ up a shield",
    "=guard",
)
_USE = (
    "use~ something",
    "interact~ with something",
    "reach~ out and use~ something",
    "=interact",
    "operate~ a device",
)
_READY = ("stand~ ready to fight", "=fighting stance", "=combat idle", "wait~ in a fighting stance")

MESH2MOTION: dict[str, Wording] = {
    "Angry": ("be~ angry", "gesture~ angrily", "rage~", "=angry", "shake~ with anger"),
    "Bow": "bow",
    "Confused": ("be~ confused", "scratch~ {their} head", "=confused", "put~ a hand to {their} head", "wonder~"),
    "Consume Item": ("drink~ [something|]", "consume~ something", "eat~ or drink~ something", "bring~ something to {their} mouth", "=drinking"),
    "Crawl": ("crawl~ [on the stomach|on the floor|]", "=crawling", "creep~ along the ground", "=army crawl", "crawl~ like a soldier"),
    "Crawl RM": ("crawl~ [forward on the stomach|on the floor|]", "=crawling", "creep~ along the ground", "=army crawl", "crawl~ like a soldier"),
    "Dance Body Roll": _DANCE, "Dance Charleston": _DANCE, "Dance Reach Hip": _DANCE, "Dance_Loop": _DANCE,
    "Defend": _BLOCK, "Head Nod": "nod", "Idle Listening": "stand_idle",
    "Kneeling Tired": ("kneel~ and rest~", "be~ exhausted on one knee", "=kneeling", "catch~ {their} breath kneeling"),
    "Meditate": ("meditate~ [sitting|]", "sit~ cross-legged", "=meditation", "=sitting cross-legged"),
    "Power Up": ("power~ up", "brace~ with clenched fists", "bend~ {their} knees and tense~ up"),
    "Reject": ("reject~ something", "refuse~", "wave~ something away", "say~ no with {their} hands", "cross~ {their} hands to refuse"),
    "Run Anime": "run", "Thow Object": "throw:right", "Tired Hunched": "hands_knees",
    "Two-hand Blast": ("push~ both hands forward", "shoot~ magic with both hands", "=two-handed push", "thrust~ both palms out"),
    "Victory": "fist_pump:right",
    "Crouch_Fwd_Loop": "walk_crouched", "Crouch_Idle_Loop": "crouch_idle", "Death01": _FALL, "Driving_Loop": "steer",
    "Fixing_Kneeling": ("kneel~ down and repair~ something", "work~ on something kneeling", "fix~ something on one knee", "=fixing"),
    "Idle_Loop": "stand_idle", "Idle_Talking_Loop": "talk",
    "Idle_Torch_Loop": ("hold~ a torch", "stand~ holding something up in front", "=holding a torch"),
    "Interact": _USE, "Jog_Fwd_Loop": "jog", "Jump_Land": _LAND, "Jump_Loop": _AIR, "Jump_Start": _TAKE_OFF,
    "PickUp_Table": "grab_table:left", "Pistol_Idle_Loop": "aim_gun", "Pistol_Reload": _RELOAD, "Pistol_Shoot": _SHOOT,
    "Punch_Cross": "punch:right", "Punch_Enter": "guard", "Punch_Jab": "punch:left", "Push_Loop": "push_walk",
    "Roll": ("roll~ forward [on the floor|]", "do~ a [forward roll|somersault]", "=forward roll", "=somersault", "tumble~"),
    "Sitting_Enter": "sit_down", "Sitting_Exit": "stand_up", "Sitting_Idle_Loop": "sit_idle",
    "Sitting_Talking_Loop": ("talk~ while sitting", "sit~ and talk~", "gesture~ while seated", "=sitting and talking"),
    "Spell_Simple_Enter": _MAGIC, "Spell_Simple_Idle_Loop": _MAGIC, "Spell_Simple_Shoot": _MAGIC, "Sprint_Loop": "run",
    "Swim_Fwd_Loop": ("swim~ [|forward|breaststroke]", "=swimming", "do~ the breaststroke in water"),
    "Swim_Idle_Loop": ("tread~ water", "float~ in water", "=treading water"),
    "Sword_Attack": _SWORD, "Sword_Idle": _READY, "Walk_Formal_Loop": "walk", "Walk_Loop": "walk",
}  # fmt: skip
KAYKIT: dict[str, Wording] = {
    **dict.fromkeys(("Melee_1H_Attack_Chop", "Melee_2H_Attack_Chop", "Melee_Dualwield_Attack_Chop"), ("chop~ down with a [sword|weapon]", "strike~ downward with a weapon", "=sword chop", "=downward slash", "hit~ from above with a sword")),
    "Melee_1H_Attack_Jump_Chop": ("jump~ and chop~ down with a sword", "=jump attack", "leap~ and strike~ down"),
    **dict.fromkeys(("Melee_1H_Attack_Slice_Diagonal", "Melee_1H_Attack_Slice_Horizontal", "Melee_2H_Attack_Slice", "Melee_Dualwield_Attack_Slice"), _SWORD),
    **dict.fromkeys(("Melee_1H_Attack_Stab", "Melee_2H_Attack_Stab", "Melee_Dualwield_Attack_Stab"), ("stab~ [forward|] [with a sword|with a weapon|]", "thrust~ a sword forward", "=stab", "=sword thrust")),
    **dict.fromkeys(("Melee_2H_Attack_Spin", "Melee_2H_Attack_Spinning"), ("spin~ around with a sword", "=spin attack", "whirl~ around striking", "spin~ around")),
    **dict.fromkeys(("Melee_2H_Idle", "Melee_Unarmed_Idle"), _READY),
    **dict.fromkeys(("Melee_Block", "Melee_Block_Attack", "Melee_Block_Hit", "Melee_Blocking"), _BLOCK),
    "Melee_Unarmed_Attack_Kick": "kick:right", "Melee_Unarmed_Attack_Punch_A": "punch:right",
    **dict.fromkeys(("Ranged_1H_Aiming", "Ranged_2H_Aiming"), _AIM), **dict.fromkeys(("Ranged_1H_Reload", "Ranged_2H_Reload"), _RELOAD),
    **dict.fromkeys(("Ranged_1H_Shoot", "Ranged_1H_Shooting", "Ranged_2H_Shoot", "Ranged_2H_Shooting"), _SHOOT),
    **dict.fromkeys(("Ranged_Bow_Draw", "Ranged_Bow_Draw_Up", "Ranged_Bow_Aiming_Idle", "Ranged_Bow_Release", "Ranged_Bow_Release_Up"), ("shoot~ with a bow", "draw~ a bow", "=archery", "aim~ with a bow and arrow", "shoot~ an arrow")),
    **dict.fromkeys(("Ranged_Magic_Raise", "Ranged_Magic_Shoot", "Ranged_Magic_Spellcasting", "Ranged_Magic_Spellcasting_Long", "Ranged_Magic_Summon"), _MAGIC),
    "Death_A": _FALL, "Death_B": _FALL, "Hit_A": "get_hit", "Hit_B": "get_hit", "Idle_A": "stand_idle", "Idle_B": "stand_idle",
    "Interact": _USE, "Use_Item": _USE, "PickUp": ("pick~ something up", "bend~ down and pick~ something up", "=pick up", "grab~ something from the ground"), "Throw": ("throw~ something", "=throw", "toss~ something [forward|]", "hurl~ something", "fling~ something away"),
    "Crawling": "crawl", "Crouching": "walk_crouched", "Running_HoldingBow": "run", "Running_HoldingRifle": "run",
    "Running_Strafe_Left": ("run~ sideways to the left", "strafe~ left", "=strafe left", "move~ quickly to the left"),
    "Running_Strafe_Right": ("run~ sideways to the right", "strafe~ right", "=strafe right", "move~ quickly to the right"),
    "Sneaking": "sneak", "Walking_Backwards": "walk_back", "Jump_Full_Long": "jump", "Jump_Full_Short": "jump", "Jump_Idle": _AIR,
    "Jump_Land": _LAND, "Jump_Start": _TAKE_OFF, "Running_A": "run", "Running_B": "run", "Walking_A": "walk", "Walking_B": "walk", "Walking_C": "walk",
    "Cheering": "cheer", "Lie_Down": "lie_down", "Lie_Idle": "lie_idle", "Lie_StandUp": "get_up_back", "Push_Ups": "push_up",
    "Sit_Chair_Down": "sit_down", "Sit_Chair_Idle": "sit_idle", "Sit_Chair_StandUp": "stand_up", "Sit_Floor_Down": "sit_down_floor",
    "Sit_Floor_Idle": ("sit~ on the [floor|ground]", "=sitting on the floor", "be~ seated on the ground"), "Sit_Floor_StandUp": "floor_stand_up", "Sit_Ups": "sit_up",
    "Waving": ("wave~ [|hello|a hand|goodbye]", "=wave", "=waving", "greet~ someone with a wave", "move~ a raised hand from side to side"),
}  # fmt: skip


def load_mesh2motion(folder: Path) -> list[Sequence]:
    """Named clips on human-like figures."""
    return _named(folder / "motion/mesh2motion", MESH2MOTION, reproportioned=False)


def load_kaykit(folder: Path) -> list[Sequence]:
    """Named clips on short figures, with human bone lengths."""
    return _named(folder / "motion/kaykit", KAYKIT, reproportioned=True)


def _named(folder: Path, wordings: dict[str, Wording], *, reproportioned: bool) -> list[Sequence]:
    found = []
    for path in sorted(folder.glob("*.glb")):
        if path.stem == "props":
            continue
        for name, motion in glb.clips(path):
            if name not in wordings:
                continue
            motion = reproportion(motion) if reproportioned else motion
            source = f"{folder.name}/{name}"
            found.append(whole(_long_enough(motion), wordings[name], source, ("hand-keyed",)))
    return found


def _long_enough(motion: np.ndarray) -> np.ndarray:
    """A loop (it ends as it starts) played until it lasts three seconds."""
    first, last = (motion[i] - motion[i, :1] for i in (0, -1))
    if np.abs(first - last).max() > 0.03 or len(motion) >= _LOOP_FRAMES:
        return motion
    moved = (motion[-1, 0] - motion[0, 0]) * [1.0, 0.0, 1.0]
    times = -(-_LOOP_FRAMES // (len(motion) - 1))
    parts = [motion[:-1] + (moved * i).astype(np.float32) for i in range(times)]
    return np.concatenate([*parts, motion[-1:] + (moved * (times - 1)).astype(np.float32)])


def reproportion(motion: np.ndarray) -> np.ndarray:
    """Joints (T, 22, 3) with the bone lengths of a grown-up; directions and the floor kept."""
    person = joints(base_row("stand", np.random.default_rng(0))[None], Body())[0]
    out = np.empty_like(motion)
    leg = float(np.median(np.linalg.norm(motion[:, 4] - motion[:, 1], axis=-1)))
    scale = float(np.linalg.norm(person[4] - person[1])) / leg
    out[:, 0] = motion[:, 0] * scale
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            bone = motion[:, joint] - motion[:, parent]
            length = np.linalg.norm(person[joint] - person[parent])
            bone = bone / (np.linalg.norm(bone, axis=-1, keepdims=True) + 1e-9)
            out[:, joint] = out[:, parent] + bone * length
    low = motion[..., 1].min(axis=1) * scale - out[..., 1].min(axis=1)
    out[..., 1] += low[:, None]
    return out
