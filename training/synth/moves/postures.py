"""Sitting, lying, kneeling, crouching: from one base posture to another, and staying there."""

from training.synth.registry import HIP, LAP, REGISTRY, Key, add, k


def _shift(
    name: str,
    start: str,
    to: str,
    keys: list[Key],
    *says: str,
    seconds: float = 1.0,
    family: str,
    gz: float = 0.0,
    sided: bool = False,
) -> None:
    """Register a change of posture; the last key frame is the new base itself, `gz` further ahead."""
    tail = [Key(seconds, {"gz": gz} if gz else {})]
    add(name, *says, keys=keys, tail=tail, base=start, to=to, family=family, sided=sided)


_shift("sit_down", "stand", "sit", [k(0.6, feet=(0.13, 0, 0.2), gz=-0.2, py=-0.12, flex=28, pitch=22, both=(0.1, -0.75, 0.35))],
    "sit~ down [|on a chair|on a stool|on a bench|on a seat]", "take~ a seat", "have~ a seat", "lower~ {them}self [onto a chair|into a seat]", "=sit down", "=sitting down", "=sit", "go~ from standing to sitting",
    "settle~ [down|] [onto a chair|into a chair]", "seat~ {them}self", "bend~ the knees and lower~ onto a chair", "plop~ down [on a chair|]", seconds=0.8, gz=-0.28, family="sit_down")  # fmt: skip
_shift("sit_down_seat", "stand", "sit", [k(0.8, feet=(0.14, 0, 0.16), gz=-0.16, py=-0.12, flex=18, pitch=30, both=(0.2, -0.9, -0.05), hflex=12), k(0.9, feet=(0.14, 0, 0.46), gz=-0.3, py=-0.5, flex=14, pitch=22, both=(0.22, -0.72, -0.2)), k(0.5, feet=(0.14, 0, 0.48), py=-0.5, both=(0.15, -0.7, 0.1))],
    *REGISTRY["sit_down"].says, seconds=0.5, family="sit_down")  # fmt: skip
_shift("sit_down_around", "stand", "sit", [k(0.4, gyaw=35, rf=(0.16, 0.05, 0.06), flex=14, pitch=8, hflex=15, htwist=-18), k(0.4, gyaw=40, lf=(0.14, 0.05, -0.08), gz=-0.1, flex=20, pitch=14, hflex=10), k(0.4, gyaw=15, feet=(0.14, 0, 0.1), gz=-0.1, flex=24, pitch=20, py=-0.1, both=(0.15, -0.85, 0.05)), k(0.7, feet=(0.14, 0, 0.42), gz=-0.32, py=-0.46, flex=26, pitch=22, both=(0.15, -0.75, 0.15))],
    *REGISTRY["sit_down"].says, seconds=0.7, gz=-0.06, family="sit_down", sided=True)  # fmt: skip
_shift("sit_down_step", "stand", "sit", [k(0.4, rf=(0.13, 0.05, -0.2), pz=-0.1, flex=12, pitch=8, hflex=14), k(0.35, rf=(0.13, 0, -0.15), lf=(0.13, 0.04, 0.02), gz=-0.2, flex=20, pitch=16, py=-0.06, both=(0.15, -0.88, 0.1)), k(0.35, feet=(0.13, 0, 0.1), gz=-0.2, flex=24, pitch=22, py=-0.12, both=(0.1, -0.85, 0.15)), k(0.8, feet=(0.13, 0, 0.46), gz=-0.34, py=-0.48, flex=20, pitch=16, both=(0.08, -0.65, 0.35))],
    *REGISTRY["sit_down"].says, seconds=0.6, family="sit_down", sided=True)  # fmt: skip
_shift("stand_up", "sit", "stand", [k(0.6, flex=30, pitch=24, pz=0.02, gz=0.23, py=0.12, both=(0.1, -0.6, 0.45), az=0.25)],
    "stand~ up [|from a chair|from sitting|from a seat]", "get~ up [|from a chair|from the seat]", "rise~ [|from a chair|to {their} feet|from a seated position]", "=stand up", "=standing up", "=get up", "=sit to stand",
    "go~ from sitting to standing", "get~ to {their} feet", "leave~ the chair", "raise~ {them}self from a chair", seconds=0.8, gz=0.25, family="stand_up")  # fmt: skip
_shift("stand_up_hands", "sit", "stand", [k(0.7, flex=12, pitch=18, both=(0.15, -0.85, 0.1), hflex=6), k(0.6, flex=16, pitch=24, gz=0.22, py=0.1, both=(0.15, -0.92, 0.12), az=0.26), k(0.7, flex=8, pitch=10, gz=0.18, py=0.36, both=(0.14, -0.95, 0.05), az=0.08)],
    *REGISTRY["stand_up"].says, seconds=0.5, gz=0.08, family="stand_up")  # fmt: skip
_shift("stand_up_knees", "sit", "stand", [k(0.9, flex=22, pitch=26, both=(0.02, -0.62, 0.3), az=0.4, gz=0.08, hflex=-8), k(0.7, flex=22, pitch=26, gz=0.24, py=0.2, both=(0.05, -0.75, 0.25), az=0.16)],
    *REGISTRY["stand_up"].says, seconds=0.8, gz=0.16, family="stand_up")  # fmt: skip
_shift("stand_up_step", "sit", "stand", [k(0.5, flex=24, pitch=24, gz=0.26, py=0.12, both=(0.12, -0.85, 0.2), az=0.22), k(0.6, flex=8, pitch=8, gz=0.22, py=0.42, both=(0.15, -0.95, 0.08), az=0.0), k(0.3, rf=(0.12, 0.06, 0.16), pz=0.1, flex=4, py=0.48), k(0.3, rf=(0.12, 0, 0.1), lf=(0.12, 0.05, -0.14), gz=0.2, py=0.48)],
    *REGISTRY["stand_up"].says, seconds=0.4, gz=0.1, family="stand_up", sided=True)  # fmt: skip
_shift("sit_down_floor", "stand", "sit_floor", [k(1.1, py=-0.55, flex=30, pitch=10, both=(0.3, -0.75, 0.2), feet=(0.15, 0, 0.1)), k(0.84, py=-0.88, pz=-0.3, both=(0.3, -0.85, -0.3), feet=(0.14, 0, 0.15))],
    "sit~ down on the [floor|ground]", "lower~ {them}self [to|onto] the floor [to sit|]", "=sit down on the floor", "=sit on the floor", "take~ a seat on the ground", "get~ down to sit on the floor", family="sit_floor")  # fmt: skip
_shift("floor_stand_up", "sit_floor", "stand", [k(0.91, both=(0.3, -0.85, -0.25), feet=(0.15, 0, 0.25), flex=15), k(0.78, py=0.4, pitch=40, flex=25, feet=(0.15, 0, 0.0), both=(0.1, -0.9, 0.3))],
    "[get~|stand~] up from the [floor|ground]", "rise~ from the floor", "=get up from the floor", "=stand up from the floor", "pick~ {them}self up from the floor", "get~ to {their} feet from sitting on the ground", family="get_up")  # fmt: skip
_shift("sit_cross", "stand", "cross_legged", [k(0.8, py=-0.6, flex=25, pitch=15, feet=(0.0, 0, 0.15), kn=0.8)],
    "sit~ down cross-legged", "sit~ down on the floor with crossed legs", "=sit cross-legged", "lower~ into a lotus position", "cross~ {their} legs and sit~ down on the floor", family="sit_floor")  # fmt: skip
_shift("cross_up", "cross_legged", "stand", [k(0.8, py=0.35, flex=25, pitch=30, feet=(0.05, 0, 0.15))],
    "get~ up from sitting cross-legged", "stand~ up from a cross-legged seat", "rise~ from the floor", "get~ up from the floor", family="get_up")  # fmt: skip
_shift("lie_down", "stand", "lie_back", [k(1.4, py=-0.6, flex=25, pitch=10, both=(0.3, -0.8, -0.1), feet=(0.15, 0, 0.15)), k(1, py=-0.9, pitch=-10, flex=20, both=(0.4, -0.8, -0.35), feet=(0.13, 0, 0.4)), k(1, py=-0.96, pitch=-55, flex=20, feet=(0.13, 0, 0.7), al=1)],
    "lie~ down [|on the floor|on the ground|on {their} back]", "=lie down", "=lying down", "=lie down on the floor", "lower~ {them}self to the floor and lie~ back", "go~ down and lie~ on {their} back", "get~ down onto the floor and lie~ flat",
    "stretch~ out on the floor", "lay~ down [on the floor|]", "recline~ on the ground", family="lie_down")  # fmt: skip
_shift("lie_down_kneel", "stand", "lie_back", [k(0.7, py=-0.25, rf=(0.13, 0.03, -0.4, 45), flex=20), k(0.7, py=-0.5, feet=(0.14, 0.02, -0.5, 70), flex=15), k(0.9, py=-0.8, flex=30, pitch=10, both=(0.4, -0.85, -0.1), feet=(0.5, 0.03, -0.1, 20), roll=-15), k(0.9, py=-0.95, pitch=-30, flex=25, both=(0.4, -0.8, -0.3), feet=(0.14, 0, 0.6)), k(0.8, py=-0.97, pitch=-65, flex=12, feet=(0.13, 0, 0.8), al=1)],
    "lie~ down [|on the floor|on the ground|on {their} back]", "=lie down", "=lie down on the floor", "kneel~ and then lie~ down on the floor", "get~ down on the floor and lie~ on {their} back", "lay~ down", "=lying down", family="lie_down")  # fmt: skip
_shift("get_up_back", "lie_back", "stand", [k(0.98, pitch=60, flex=25, both=(0.35, -0.8, -0.3), al=0.3, az=0.5, feet=(0.14, 0, 0.5)), k(0.98, py=0.4, pitch=105, flex=20, both=(0.2, -0.9, 0.2), al=0, feet=(0.15, 0, 0.0, 10)), k(0.56, py=0.75, pitch=100, flex=10, al=0, feet=(0.13, 0, 0))],
    "get~ up [from lying|from the floor|from the ground]", "stand~ up from lying down", "rise~ from lying on the floor", "=get up from lying", "=get up", "pick~ {them}self up off the floor", "go~ from lying to standing", family="get_up")  # fmt: skip
_shift("lie_front_down", "stand", "lie_front", [k(1.2, py=-0.5, pitch=35, flex=40, both=(0.1, -0.95, 0.35)), k(1, py=-0.6, pitch=65, both=(0.1, -0.95, 0.3), feet=(0.13, 0, -0.6, 60))],
    "lie~ down on {their} [stomach|belly|front]", "get~ down and lie~ face down", "=lie face down", "drop~ to the floor on {their} stomach", "go~ prone", "=prone", family="lie_down")  # fmt: skip
_shift("front_up", "lie_front", "stand", [k(0.84, both=(0.3, -0.35, 0.75), flex=-20), k(0.98, py=0.45, both=(0.1, -0.98, 0.3), feet=(0.13, 0.02, -0.5, 70), pitch=-15, al=0), k(0.98, py=0.5, pitch=-50, flex=40, both=(0.1, -0.95, 0.3), feet=(0.14, 0, 0), al=0)],
    "get~ up from {their} [stomach|front]", "push~ {them}self up from the floor and stand~", "rise~ from lying face down", "get~ up off the floor", family="get_up")  # fmt: skip
_shift("lie_side_down", "stand", "lie_side", [k(1.1, py=-0.6, roll=-25, flex=25, both=(0.3, -0.8, 0.1)), k(0.98, py=-0.85, roll=-60, al=1)],
    "lie~ down on {their} side", "lie~ on {their} side", "=lie on the side", "curl~ up on {their} side on the floor", family="lie_down")  # fmt: skip
_shift("side_up", "lie_side", "stand", [k(0.91, roll=40, py=0.15, both=(0.3, -0.7, 0.2), al=0), k(0.78, roll=70, py=0.5, flex=25, al=0)],
    "get~ up from {their} side", "rise~ from lying on the side", "get~ up from the floor", family="get_up")  # fmt: skip
_shift("kneel_down", "stand", "kneel", [k(0.6, py=-0.25, rf=(0.13, 0.03, -0.4, 45), flex=12), k(0.5, py=-0.47, rf=(0.13, 0.02, -0.5, 70), lf=(0.13, 0, 0.25), flex=10)],
    "kneel~ down [|on both knees|on the floor]", "=kneel down", "=kneeling", "get~ down on {their} knees", "drop~ to {their} knees", "go~ down on both knees", family="kneel")  # fmt: skip
_shift("kneel_up", "kneel", "stand", [k(0.6, rf=(0.13, 0, 0.35), flex=15), k(0.5, py=0.3, rf=(0.13, 0, 0.2), lf=(0.13, 0.03, -0.3, 45), flex=15)],
    "stand~ up from {their} knees", "get~ up from kneeling", "rise~ from {their} knees", "=stand up from kneeling", family="stand_up")  # fmt: skip
_shift("propose", "stand", "half_kneel", [k(0.6, py=-0.2, rf=(0.12, 0.03, -0.35, 40))],
    "kneel~ [down|] on one knee", "go~ down on one knee", "take~ a knee", "genuflect~", "propose~ [marriage|]", "=kneel on one knee", family="half_kneel")  # fmt: skip
_shift("half_kneel_up", "half_kneel", "stand", [k(0.6, py=0.25, flex=15)],
    "stand~ up from one knee", "get~ up from one knee", "rise~ from half kneeling", family="stand_up")  # fmt: skip
_shift("crouch_down", "stand", "crouch", [k(0.5, py=-0.3, flex=18, pitch=15)],
    "crouch~ [|down]", "squat~ down [and stay~ there|]", "duck~ down", "=crouch", "=crouching down", "hunker~ down", "get~ down low", "lower~ into a crouch", "cower~", seconds=0.6, family="crouch")  # fmt: skip
_shift("crouch_up", "crouch", "stand", [k(0.5, py=0.3)],
    "stand~ up from a [crouch|squat]", "rise~ from [a crouch|crouching|squatting]", "come~ up from a squat", "straighten~ up", family="stand_up")  # fmt: skip
_shift("to_all_fours", "stand", "all_fours", [k(0.7, py=-0.4, flex=35, pitch=25, both=(0.1, -0.9, 0.4), rf=(0.12, 0.03, -0.4, 60)), k(0.5, py=-0.5, flex=20, pitch=55, both=(0.05, -0.95, 0.3), feet=(0.12, 0.03, -0.5, 70))],
    "get~ down on [all fours|hands and knees]", "go~ down on {their} hands and knees", "=on all fours", family="all_fours")  # fmt: skip
_shift("all_fours_up", "all_fours", "stand", [k(0.6, pitch=-40, rf=(0.13, 0, 0.2), flex=20), k(0.6, py=0.3, pitch=-55, flex=15, feet=(0.13, 0, 0))],
    "get~ up from [all fours|hands and knees]", "stand~ up from hands and knees", "rise~ from all fours", family="get_up")  # fmt: skip
_shift("to_plank", "stand", "plank", [k(0.7, py=-0.5, flex=30, pitch=40, both=(0.1, -0.9, 0.4)), k(0.6, py=-0.52, pitch=62, both=(0.08, -0.98, 0.15), feet=(0.1, 0.02, -0.6, 55))],
    "get~ into a [plank|push-up position]", "go~ down into a plank", "=get into push-up position", family="plank")  # fmt: skip
_shift("plank_up", "plank", "stand", [k(0.6, feet=(0.13, 0, -0.1), pitch=-20, flex=30), k(0.6, py=0.4, pitch=-55, flex=15, feet=(0.13, 0, 0))],
    "get~ up from a [plank|push-up position]", "stand~ up from a push-up position", family="get_up")  # fmt: skip
_shift("roll_over", "lie_back", "lie_front", [k(0.7, pitch=88, roll=-90, py=0.12, both=(0.1, -0.3, 0.5), az=0.0, feet=(0.1, 0.08, 0.1))],
    "roll~ over [on the floor|onto {their} stomach]", "turn~ over while lying", "=roll over", family="roll_over")  # fmt: skip

_HOLD = {"tail": [k(0.3)], "stays": True, "seconds": (1.2, 4.0)}
for _name, _base, _says in (
    ("stand_idle", "stand", ("stand~ [still|idle|in place|upright|motionless|]", "=idle", "=standing still", "do~ nothing", "wait~ [standing|]", "remain~ standing", "stay~ still", "=standing", "=rest")),
    ("sit_idle", "sit", ("sit~ [|still|on a chair|quietly]", "be~ seated [on a chair|]", "remain~ seated", "=sitting", "=seated", "stay~ seated", "rest~ on a chair")),
    ("floor_idle", "sit_floor", ("sit~ on the [floor|ground]", "be~ sitting on the floor with [straight|outstretched] legs", "=sitting on the floor")),
    ("cross_idle", "cross_legged", ("sit~ cross-legged [on the floor|]", "meditate~ [sitting|]", "=sitting cross-legged", "=lotus position")),
    ("kneel_idle", "kneel", ("kneel~ [|still|on both knees]", "=kneeling", "stay~ on {their} knees", "be~ on both knees")),
    ("half_kneel_idle", "half_kneel", ("stay~ on one knee", "kneel~ on one knee", "=half kneeling")),
    ("crouch_idle", "crouch", ("stay~ crouched", "hold~ a [low squat|crouch]", "=crouching", "=squatting low", "remain~ in a crouch")),
    ("lie_idle", "lie_back", ("lie~ [still|on {their} back|on the floor|face up]", "=lying", "=lying on the back", "rest~ lying down", "sleep~", "be~ lying on the ground", "=supine")),
    ("front_idle", "lie_front", ("lie~ on {their} [stomach|front|belly]", "lie~ face down", "=lying face down", "=prone")),
    ("side_idle", "lie_side", ("lie~ on {their} side", "=lying on the side", "sleep~ on {their} side")),
    ("fours_idle", "all_fours", ("be~ on [all fours|hands and knees]", "stay~ on all fours", "=on all fours", "=tabletop position")),
    ("plank_idle", "plank", ("hold~ a [plank|high plank]", "=plank", "=planking", "stay~ in push-up position", "do~ a plank")),
):  # fmt: skip
    add(_name, *_says, keys=[k(0.3, hflex=2)], base=_base, family=_name, **_HOLD)
add("hands_on_hips", "stand~ with {their} hands on {their} hips", "put~ [both|their] hands on {their} hips", "=hands on hips", "=arms akimbo", "place~ {their} hands on the hips", keys=[k(0.6, both=HIP)], stays=True, exact=True, upper=True, family="hands_on_hips")  # fmt: skip
add("lean_back_chair", "lean~ back [in the chair|in {their} seat|]", "recline~ in a chair", "=lean back", keys=[k(0.7, pitch=-14, flex=-10, both=LAP)], base="sit", stays=True, family="lean_back")  # fmt: skip
add("cross_leg_sit", "cross~ {their} legs [while sitting|]", "put~ the {S} leg over the {O} [leg|knee]", "=cross legs", "sit~ with [crossed legs|one leg over the other]", keys=[k(0.8, rf=(-0.22, 0.3, 0.55, 10), kn=0.2)], base="sit", stays=True, sided=True, family="cross_legs")  # fmt: skip
add("stretch_legs_sit", "stretch~ out {their} legs [while sitting|]", "extend~ both legs while seated", "straighten~ {their} legs on a chair", keys=[k(0.8, feet=(0.13, 0.08, 0.9, -30), pitch=-8)], base="sit", stays=True, family="stretch_legs")  # fmt: skip
add("fall_down", "fall~ [down|over|to the floor|to the ground|backward]", "=fall", "=falling down", "collapse~ [to the floor|]", "tumble~ to the ground", "lose~ {their} balance and fall~", "drop~ to the floor", "trip~ and fall~",
    keys=[k(0.35, flex=-12, pitch=-12, pz=-0.1, both=(0.6, -0.2, 0.3)), k(0.4, py=-0.6, pitch=-30, pz=-0.5, both=(0.6, -0.4, -0.3), feet=(0.15, 0.05, 0.4)), k(0.3, py=-0.93, pitch=-60, pz=-0.5, al=0.6, feet=(0.13, 0.1, 0.6))], tail=[Key(0.4, {})], to="lie_back", family="fall")  # fmt: skip
