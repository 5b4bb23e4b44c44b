/**
 * The canonical 22 joints: metres, y up, left at +x of a body that faces +z; and the way from a
 * camera's 33 landmarks to them, as `stream/skeletons.py` goes it. Pure.
 */

export const JOINTS = /** @type {const} */ ([
  "pelvis",
  "left_hip",
  "right_hip",
  "spine1",
  "left_knee",
  "right_knee",
  "spine2",
  "left_ankle",
  "right_ankle",
  "spine3",
  "left_foot",
  "right_foot",
  "neck",
  "left_collar",
  "right_collar",
  "head",
  "left_shoulder",
  "right_shoulder",
  "left_elbow",
  "right_elbow",
  "left_wrist",
  "right_wrist",
]);
export const PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19];
export const JOINT = /** @type {Record<typeof JOINTS[number], number>} */ (
  Object.fromEntries(JOINTS.map((name, index) => [name, index]))
);

/** @typedef {Record<number, number>} Weights by landmark */

const [EAR, SHOULDER, HIP] = [7, 11, 23];
/** Landmarks of the left side; the right side's are one more. */
const SIDED = { hip: 23, knee: 25, ankle: 27, foot: 31, shoulder: 11, elbow: 13, wrist: 15 };

/**
 * @param {number} left landmark of the left side
 * @param {number} part
 * @returns {Weights} of the middle between left and right, times `part`
 */
function middle(left, part) {
  return { [left]: part / 2, [left + 1]: part / 2 };
}

/** @returns {Weights[]} one for each joint */
function mediapipeRows() {
  /** @type {Partial<Record<string, Weights>>} */
  const rows = {
    pelvis: middle(HIP, 1),
    spine1: { ...middle(HIP, 0.75), ...middle(SHOULDER, 0.25) },
    spine2: { ...middle(HIP, 0.5), ...middle(SHOULDER, 0.5) },
    spine3: { ...middle(HIP, 0.25), ...middle(SHOULDER, 0.75) },
    neck: { ...middle(SHOULDER, 1.1), ...middle(HIP, -0.1) },
    head: middle(EAR, 1),
    left_collar: { [SHOULDER]: 0.75, [SHOULDER + 1]: 0.25 },
    right_collar: { [SHOULDER]: 0.25, [SHOULDER + 1]: 0.75 },
  };
  for (const [part, left] of Object.entries(SIDED)) {
    rows[`left_${part}`] = { [left]: 1 };
    rows[`right_${part}`] = { [left + 1]: 1 };
  }
  return JOINTS.map((name) => rows[name] ?? {});
}

const MEDIAPIPE = mediapipeRows().map((row) =>
  Object.entries(row).map(([landmark, weight]) => ({ landmark: Number(landmark), weight })),
);
/** From the image's axes (right, down, away) to the body's that faces the camera. */
const IMAGE_AXES = [1, -1, -1];

/**
 * World landmarks of MediaPipe Pose as canonical joints; they know no place in the room.
 * @param {ArrayLike<{x: number, y: number, z: number}> | Float32Array} landmarks 33, metres; a
 *   Float32Array holds 33 * 3
 * @returns {Float32Array} 22 * 3
 */
export function fromMediapipe33(landmarks) {
  const flat =
    landmarks instanceof Float32Array
      ? landmarks
      : Float32Array.from(Array.from(landmarks).flatMap(({ x, y, z }) => [x, y, z]));
  if (flat.length !== 99) throw new RangeError(`mediapipe33 has 33 landmarks; got ${flat.length / 3}.`);
  const joints = new Float32Array(3 * JOINTS.length);
  MEDIAPIPE.forEach((row, joint) => {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (const { landmark, weight } of row) sum += weight * flat[3 * landmark + axis];
      joints[3 * joint + axis] = sum * IMAGE_AXES[axis];
    }
  });
  return joints;
}

/**
 * One frame of a take.
 * @param {{frames: Float32Array}} take
 * @param {number} index
 * @returns {Float32Array} 22 * 3, a view
 */
export function frameAt(take, index) {
  const length = 3 * JOINTS.length;
  return take.frames.subarray(index * length, (index + 1) * length);
}
