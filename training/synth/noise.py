"""What sensors do to clean joints: optical, IMU suit, depth camera, one camera. Pure given rng."""

import numpy as np

from engines.motion.skeleton import PARENTS

SENSORS = ("optical", "imu", "depth", "monocular")
_SHARES = (0.4, 0.15, 0.3, 0.15)
_ENDS = (7, 8, 10, 11, 18, 19, 20, 21)
_LIMBS = ((4, 7, 10), (5, 8, 11), (18, 20), (19, 21))
_SWAPPED = [0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20]
_SMOOTHED_SHARE = 0.65  # Kinect recordings of measured sets hardly jitter


def draw_sensor(rng: np.random.Generator) -> str:
    """A sensor by its share in training."""
    return SENSORS[rng.choice(len(SENSORS), p=_SHARES)]


def sense(joints: np.ndarray, sensor: str, rng: np.random.Generator) -> np.ndarray:
    """Joints (T, 22, 3) at 20 fps as a sensor would give them, float32."""
    change = {"optical": _optical, "imu": _imu, "depth": _depth, "monocular": _monocular}
    out = change[sensor](joints.astype(np.float64), rng)
    return out.astype(np.float32)


def _smooth(rng: np.random.Generator, shape: tuple[int, ...], frames: float) -> np.ndarray:
    """Unit-variance noise (T, ...) that changes over about `frames` frames."""
    count = shape[0]
    knots = max(2, int(count / frames) + 3)
    values = rng.normal(size=(knots, *shape[1:]))
    place = np.linspace(0, knots - 1.001, count) if knots > 1 else np.zeros(count)
    i = place.astype(int)
    u = (place - i).reshape(-1, *([1] * (len(shape) - 1)))
    u = u * u * (3 - 2 * u)
    return values[i] * (1 - u) + values[np.minimum(i + 1, knots - 1)] * u


def _optical(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    amount = rng.choice([0.0, 0.0, 0.001, 0.004])
    x = x + rng.normal(size=x.shape) * amount
    return _misplaced(_offsets(x, rng, 0.012), rng, 0.008)


def _offsets(x: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Joint centres sit elsewhere in another skeleton: constant shifts along the bones."""
    y = x.copy()
    along = rng.normal(0, size, 22)
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            continue
        bone = x[:, joint] - x[:, parent]
        y[:, joint] += bone / (np.linalg.norm(bone, axis=-1, keepdims=True) + 1e-6) * along[joint]
    return y


def _forward(x: np.ndarray) -> np.ndarray:
    """Where the body faces (T, 3), level."""
    across = x[:, 16] - x[:, 17] + x[:, 1] - x[:, 2]
    ahead = np.stack([-across[:, 2], 0 * across[:, 0], across[:, 0]], -1)
    return ahead / (np.linalg.norm(ahead, axis=-1, keepdims=True) + 1e-6)


def _misplaced(x: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Joints found beside the bones: shifts that are constant in the body's own frame."""
    ahead = _forward(x)
    left = np.stack([ahead[:, 2], 0 * ahead[:, 0], -ahead[:, 0]], -1)
    shift = rng.normal(0, size, (22, 3))
    out = x + left[:, None] * shift[:, :1] + ahead[:, None] * shift[:, 2:]
    out[..., 1] += shift[:, 1]
    return out


def _leaning(x: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Depth that is off by height: legs and trunk slant forward or back, each by its own amount."""
    above = x[..., 1] - x[:, :1, 1]
    legs, trunk = rng.normal(-0.4, 1.0) * size, rng.normal(0, 0.5) * size
    slope = np.full(22, trunk)
    slope[[1, 2, 4, 5, 7, 8, 10, 11]] = -legs
    return x + _forward(x)[:, None] * (slope * above)[..., None]


def _frontal(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A camera's software takes people for more frontal than they are, and sometimes who turns
    their back for somebody who faces it, left and right swapped."""
    ahead = _forward(x)
    heading = np.arctan2(ahead[:, 0], ahead[:, 2])
    camera = heading[0] + rng.normal(0, np.radians(50))
    aside = (heading - camera + np.pi) % (2 * np.pi) - np.pi
    turn = -rng.uniform(0, 1.1) * np.radians(60) * np.sin(aside)[:, None]
    out = x.copy()
    for left, right in ((1, 2), (13, 14), (16, 17)):
        half = (x[:, left] - x[:, right]) / 2
        turned = np.concatenate(
            [
                np.cos(turn) * half[:, :1] + np.sin(turn) * half[:, 2:],
                half[:, 1:2],
                np.cos(turn) * half[:, 2:] - np.sin(turn) * half[:, :1],
            ],
            axis=1,
        )
        middle = (x[:, left] + x[:, right]) / 2
        out[:, left], out[:, right] = middle + turned, middle - turned
    if rng.random() < 0.25:
        away = np.abs(aside) > np.radians(115)
        out[away] = out[away][:, _SWAPPED]
    return out


def _tilt(x: np.ndarray, rng: np.random.Generator, degrees: float) -> np.ndarray:
    """The whole world leans: the sensor does not know where down is."""
    a, b = np.radians(rng.normal(0, degrees, 2))
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    rz = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    pivot = x[:, :1].mean(axis=0, keepdims=True) * [1, 0, 1]
    return (x - pivot) @ (rx @ rz).T + pivot


def _still(x: np.ndarray) -> np.ndarray:
    """No global translation: the pelvis hangs at one place over the floor."""
    y = x.copy()
    y[..., [0, 2]] -= x[:, :1, [0, 2]]
    return y


def _imu(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Smooth, with heading drift, sliding feet and slow limb errors; sometimes no translation."""
    count = len(x)
    drift = np.cumsum(_smooth(rng, (count,), 80)) * rng.uniform(0, 0.004)
    root = x[:, :1]
    cos, sin = np.cos(drift)[:, None], np.sin(drift)[:, None]
    local = x - root
    turned = local.copy()
    turned[..., 0] = cos * local[..., 0] + sin * local[..., 2]
    turned[..., 2] = -sin * local[..., 0] + cos * local[..., 2]
    slide = np.cumsum(_smooth(rng, (count, 1, 3), 40), axis=0) * [0.004, 0.0, 0.004]
    turned += _smooth(rng, x.shape, 60) * 0.015 * rng.random()
    out = root + turned + slide * rng.random()
    out = _leaning(out, rng, 0.05)
    return _still(out) if rng.random() < 0.35 else _offsets(out, rng, 0.015)


def _derived(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Joints that a sensor lacks are worked out: straight spine, level collars, feet ahead."""
    if rng.random() < 0.5:
        line = x[:, 12] - x[:, 0]
        for joint, part in ((3, 0.25), (6, 0.5), (9, 0.75)):
            x[:, joint] = x[:, 0] + line * (part + rng.normal(0, 0.02))
    if rng.random() < 0.4:
        part = rng.uniform(0.3, 0.6)
        for collar, shoulder in ((13, 16), (14, 17)):
            x[:, collar] = x[:, 9] * (1 - part) + x[:, shoulder] * part
    if rng.random() < 0.35:
        left = x[:, 1] - x[:, 2]
        ahead = np.stack([-left[:, 2], 0 * left[:, 0], left[:, 0]], -1)
        ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True) + 1e-6
        for ankle, foot in ((7, 10), (8, 11)):
            x[:, foot] = x[:, ankle] + ahead * 0.13 - [0.0, 0.04, 0.0]
    return x


def _depth(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A depth camera: lost limbs, drift, narrow hips, tilt; raw with jitter, or smoothed by its own
    software, with limbs that slowly change their length and few frames a second."""
    hard = rng.uniform(0.3, 1.5)
    middle = (x[:, 1] + x[:, 2]) / 2
    raised = middle + (x[:, 0] - middle) * rng.uniform(0.0, 0.8)
    narrow = rng.uniform(0.35, 1.0)
    for hip in (1, 2):
        x[:, hip] = raised + (x[:, hip] - middle) * narrow
    x = _derived(_offsets(x, rng, 0.02), rng)
    x = _leaning(_misplaced(_frontal(x, rng), rng, 0.02), rng, 0.2)
    smoothed = rng.random() < _SMOOTHED_SHARE
    size = np.full(22, 0.006)
    size[list(_ENDS)] = 0.014
    jitter, drift = (0.15 * rng.random(), 1.6) if smoothed else (1.0, 1.6)
    x = x + rng.normal(size=x.shape) * (size * hard * jitter)[:, None]
    x = x + _smooth(rng, x.shape, 24 if smoothed else 12) * (size * hard * drift)[:, None]
    x = _occluded(_lost_limbs(_folded(x, rng, hard), rng, hard), rng, hard)
    if smoothed:
        x = _slow(_filtered(x, rng), rng)
    else:
        x = _freeze(_spikes(x, rng, hard), rng, 0.01 * hard)
    x[:, :, 1] += rng.normal(0, 0.04)
    return _tilt(x, rng, 5.0 * hard)


def _folded(x: np.ndarray, rng: np.random.Generator, hard: float) -> np.ndarray:
    """Legs that are bent under the body hide each other: the lower the hips, the wilder."""
    height = x[:, 0, 1] - np.minimum(x[:, 7, 1], x[:, 8, 1])
    low = np.clip(1.2 - 1.5 * height / (np.quantile(height, 0.95) + 1e-6), 0.0, 1.0)
    legs = [4, 5, 7, 8, 10, 11]
    wrong = _smooth(rng, (len(x), len(legs), 3), 14) * 0.16 * hard * rng.random()
    x = x.copy()
    x[:, legs] += low[:, None, None] * wrong
    return x


def _lost_limbs(x: np.ndarray, rng: np.random.Generator, hard: float) -> np.ndarray:
    """A whole arm or leg hidden for a while is guessed wrong, its far end most."""
    x = x.copy()
    for _ in range(rng.poisson(hard * len(x) / 150)):
        limb = _LIMBS[rng.integers(len(_LIMBS))]
        length = int(rng.integers(8, 60))
        start = int(rng.integers(-length // 2, len(x)))
        low, high = max(start, 0), min(start + length, len(x))
        if high - low < 2:
            continue
        share = np.sin(np.pi * (np.arange(low, high) - start + 0.5) / length)[:, None] ** 0.5
        for joint, size in zip(limb, (0.09, 0.16, 0.17), strict=False):
            wrong = rng.normal(0, size * hard, 3) * [1, 0.5, 1]
            x[low:high, joint] += share * wrong
    return x


def _filtered(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Smoothed over time, centred: a window of 3 to 7 frames."""
    window = np.hanning(int(rng.integers(3, 8)) + 2)[1:-1]
    padded = np.pad(x, ((len(window) // 2, (len(window) - 1) // 2), (0, 0), (0, 0)), mode="edge")
    parts = [w * padded[i : i + len(x)] for i, w in enumerate(window / window.sum())]
    return np.sum(parts, axis=0)


def _slow(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Few frames a second, some of them missing: straight lines between those that came."""
    came = rng.random(len(x)) < rng.uniform(0.35, 1.0)
    came[[0, -1]] = True
    kept = np.flatnonzero(came)
    place = np.interp(np.arange(len(x)), kept, np.arange(len(kept)))
    before = np.minimum(place.astype(int), len(kept) - 1)
    after = np.minimum(before + 1, len(kept) - 1)
    part = (place - before)[:, None, None]
    return x[kept[before]] * (1 - part) + x[kept[after]] * part


def _spikes(x: np.ndarray, rng: np.random.Generator, hard: float) -> np.ndarray:
    hit = rng.random(x.shape[:2]) < 0.004 * hard
    return x + hit[..., None] * rng.normal(0, 0.12, x.shape)


def _occluded(x: np.ndarray, rng: np.random.Generator, hard: float) -> np.ndarray:
    """A limb is lost for a while: it hangs near its parent's guess."""
    for _ in range(rng.poisson(0.5 * hard)):
        joint = int(rng.choice(_ENDS))
        start = int(rng.integers(len(x)))
        end = min(len(x), start + int(rng.integers(4, 24)))
        x[start:end, joint] += rng.normal(0, 0.1, 3) * hard
    return x


def _freeze(x: np.ndarray, rng: np.random.Generator, share: float) -> np.ndarray:
    held = x.copy()
    i = 1
    while i < len(x):
        if rng.random() < share:
            length = int(rng.integers(1, 7))
            held[i : i + length] = held[i - 1]
            i += length
        i += 1
    return held


def _monocular(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One camera: depth is guessed, size breathes, often no translation, smooth jitter."""
    angle = rng.uniform(0, 2 * np.pi)
    view = np.array([np.sin(angle), 0.0, np.cos(angle)])
    x = _leaning(_misplaced(_derived(x.copy(), rng), rng, 0.02), rng, 0.12)
    root = x[:, :1]
    local = x - root
    depth = local @ view
    squeeze = rng.uniform(0.7, 1.1)
    local = local + depth[..., None] * (squeeze - 1) * view
    local = local + _smooth(rng, x.shape[:2], 15)[..., None] * view * 0.03
    local = local * (1 + 0.03 * _smooth(rng, (len(x), 1, 1), 40))
    local = local + rng.normal(size=x.shape) * 0.006 + _smooth(rng, x.shape, 6) * 0.008
    out = _tilt(root + local, rng, 5.0)
    return _still(out) if rng.random() < 0.6 else out
