/**
 * Any rig's bone positions to canonical joints, as `clients/rigs/canonical.py` does it: 22 joints,
 * metres, y up, left at +x facing +z. Up axis and unit are found out from the data; a body whose
 * left and right are swapped is refused, never mirrored. Pure.
 */

import { JOINT, JOINTS } from "./poses.js";
import { END, identify } from "./rig_names.js";
import { Motion, cross, mean, median, minus, part, percentile, unit } from "./rig_motion.js";
import { BvhError, metres, upAxis } from "./rig_unit.js";

/** @typedef {{names: string[], parents: number[], positions: Float64Array}} Rig positions (T, N, 3),
 *   global, any unit, y or z up, right-handed */
/** @typedef {{joints: string[], fps: number, frames: Float32Array, count: number,
 *   warnings: string[]}} Take `frames` (T, 22, 3) metres; `warnings`: what had to be guessed */

const ANKLE_M = 0.08;
const FLOOR_M = [-0.25, 1];
const SOLE_M = 0.124;
const SPINE_PLACES = [0.25, 0.5, 0.75];
const SIDES = /** @type {const} */ (["left", "right"]);

/**
 * @param {Rig} rig bones whose name ends in ` end` stand in for missing toes and wrists
 * @param {number} frameS seconds a frame
 * @param {string} source name of the file
 * @returns {Take}
 * @throws {BvhError} when bones are missing, values are not finite, or left and right are swapped
 */
export function toCanonical(rig, frameS, source) {
  if (!rig.positions.every(Number.isFinite)) {
    throw new BvhError(`${source}: positions are not finite. Export the take again.`);
  }
  const all = new Motion(rig.positions, rig.names.length);
  const bones = bonesOf(rig, all, source);
  const { joints: assembled, made } = assemble(bones, all);
  /** @type {string[]} */
  const warnings = [];
  const skip = restFrames(assembled);
  if (skip) warnings.push("The first frame is a rest pose, far from the second: left out.");
  const joints = assembled.from(skip);
  const { scale, note } = metres(joints);
  const { turn, note: noteUp } = upAxis(joints);
  warnings.push(...[note, noteUp].filter(Boolean));
  joints.change((point) => turn(point.map((value) => value * scale)));
  putOnFloor(joints, warnings);
  synthesise(joints, made);
  refuseMirrored(joints, made, source);
  if (made.length) {
    warnings.push(`Not in the rig, worked out: ${listed(made.map((joint) => JOINTS[joint]))}.`);
  }
  return {
    joints: [...JOINTS],
    fps: 1 / frameS,
    frames: Float32Array.from(joints.values),
    count: joints.count,
    warnings,
  };
}

/**
 * @param {Rig} rig
 * @param {Motion} all
 * @param {string} source
 */
function bonesOf(rig, all, source) {
  const bones = identify(useful(rig, all), rig.parents);
  if (!bones.missing.length) return bones;
  const there = rig.names.filter((name) => name && !name.endsWith(END));
  throw new BvhError(
    `${source}: no bone found for ${listed(bones.missing)}. Expected ` +
      "names such as LeftUpLeg, LeftLeg, LeftFoot, LeftArm, LeftForeArm, LeftHand, Head " +
      "(or those of Mixamo, Rigify, Unreal, Daz, Biped, SMPL...). " +
      `Found: ${there.join(", ") || "none"}. Rename the bones and try again.`,
  );
}

/**
 * The names without those of end sites that lie on their parents and so mean nothing.
 * @param {Rig} rig
 * @param {Motion} all
 */
function useful({ names, parents }, all) {
  const first = names.map((_, bone) => all.point(0, bone));
  const extents = [0, 1, 2].map((axis) => {
    const values = first.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  });
  const least = 0.02 * Math.max(...extents);
  return names.map((name, bone) => {
    if (!name.endsWith(END)) return name;
    return Math.hypot(...minus(first[bone], first[parents[bone]])) < least ? "" : name;
  });
}

/**
 * Joints in the rig's axes and unit, and which of them the rig has no bone for.
 * @param {import("./rig_names.js").Bones} bones
 * @param {Motion} all
 */
function assemble({ joints: found, spine }, all) {
  const joints = new Motion(new Float64Array(all.count * JOINTS.length * 3), JOINTS.length);
  const bones = JOINTS.map((name) => found.get(name));
  const made = JOINTS.flatMap((name, joint) =>
    bones[joint] === undefined && !name.includes("spine") ? [joint] : [],
  );
  for (let frame = 0; frame < all.count; frame++) {
    bones.forEach((bone, joint) => {
      const point = bone === undefined ? [NaN, NaN, NaN] : all.point(frame, bone);
      joints.set(frame, joint, point);
    });
    if (found.has("neck")) continue;
    const [left, right] = SIDES.map((side) => joints.point(frame, JOINT[`${side}_shoulder`]));
    joints.set(frame, JOINT.neck, part(part(left, right, 0.5), joints.point(frame, JOINT.head), 0.5));
  }
  layAlong(joints, all, spine);
  return { joints, made };
}

/**
 * Put the spine's joints at parts of the length of the way from pelvis to neck.
 * @param {Motion} joints changed in place
 * @param {Motion} all
 * @param {number[]} spine
 */
function layAlong(joints, all, spine) {
  /** @param {number} frame */
  const chain = (frame) => [
    joints.point(frame, JOINT.pelvis),
    ...spine.map((bone) => all.point(frame, bone)),
    joints.point(frame, JOINT.neck),
  ];
  const chains = Array.from({ length: all.count }, (_, frame) => chain(frame));
  const at = [0];
  for (let link = 0; link <= spine.length; link++) {
    const lengths = chains.map((points) => Math.hypot(...minus(points[link + 1], points[link])));
    at.push(at[link] + median(lengths));
  }
  const last = at.length - 2;
  SPINE_PLACES.forEach((share, number) => {
    const place = share * at[at.length - 1];
    const link = Math.min(last, Math.max(0, at.findLastIndex((begin) => begin <= place)));
    const along = (place - at[link]) / Math.max(at[link + 1] - at[link], 1e-12);
    const joint = [JOINT.spine1, JOINT.spine2, JOINT.spine3][number];
    chains.forEach((points, frame) => {
      joints.set(frame, joint, part(points[link], points[link + 1], along));
    });
  });
}

/**
 * 1 when the first frame is an outlier: a rest pose that exporters put before the take.
 * @param {Motion} joints
 */
function restFrames(joints) {
  if (joints.count < 10) return 0;
  const limb = (/** @type {number} */ frame, /** @type {number} */ joint) =>
    minus(joints.point(frame, joint), joints.point(frame, 0)).map((value) => value || 0);
  const steps = Array.from({ length: Math.min(30, joints.count) - 1 }, (_, frame) =>
    mean(JOINTS.map((_, joint) => Math.hypot(...minus(limb(frame + 1, joint), limb(frame, joint))))),
  );
  const size = mean(
    joints.map((at) => Math.hypot(...minus(at(JOINT.left_knee), at(JOINT.left_hip)))),
  );
  return Number(steps[0] > 0.05 * size && steps[0] > 4 * Math.max(...steps.slice(1)));
}

/**
 * @param {Motion} joints changed in place
 * @param {string[]} warnings is added to
 */
function putOnFloor(joints, warnings) {
  const lowest = joints.map((at) => Math.min(at(JOINT.left_ankle)[1], at(JOINT.right_ankle)[1]));
  const floor = percentile(lowest, 1);
  if (FLOOR_M[0] < floor && floor < FLOOR_M[1]) return;
  joints.change(([x, y, z]) => [x, y - floor + ANKLE_M, z]);
  warnings.push(`Ankles were at ${floor.toFixed(2)} m: the floor is put under them.`);
}

/**
 * Fill toes and collars that the rig does not have.
 * @param {Motion} joints changed in place
 * @param {number[]} made
 */
function synthesise(joints, made) {
  joints.each((frame, at) => {
    const ahead = aheadOf(at, false);
    for (const side of SIDES) {
      const [foot, ankle] = [JOINT[`${side}_foot`], at(JOINT[`${side}_ankle`])];
      if (made.includes(foot)) {
        const shin = unit(minus(ankle, at(JOINT[`${side}_knee`])));
        const down = ahead[0] * shin[0] + ahead[1] * shin[1] + ahead[2] * shin[2];
        const sole = unit(ahead.map((value, axis) => value - down * shin[axis]));
        joints.set(frame, foot, ankle.map((value, axis) => value + SOLE_M * sole[axis]));
      }
      const collar = JOINT[`${side}_collar`];
      if (made.includes(collar)) {
        joints.set(frame, collar, part(at(JOINT.spine3), at(JOINT[`${side}_shoulder`]), 0.5));
      }
    }
  });
}

/**
 * Feet and knees point ahead; ahead is left x up. If they point back, left is right.
 * @param {Motion} joints
 * @param {number[]} made
 * @param {string} source
 */
function refuseMirrored(joints, made, source) {
  /** @type {number[]} */
  const votes = [];
  const dot = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  for (const side of SIDES) {
    const [hip, knee] = [JOINT[`${side}_hip`], JOINT[`${side}_knee`]];
    const [ankle, foot] = [JOINT[`${side}_ankle`], JOINT[`${side}_foot`]];
    if (!made.includes(foot)) {
      votes.push(mean(joints.map((at) => dot(unit(minus(at(foot), at(ankle))), aheadOf(at, true)))));
    }
    const bends = joints.map((at) =>
      dot(minus(at(knee), part(at(hip), at(ankle), 0.5)), aheadOf(at, true)),
    );
    votes.push(mean(bends) / 0.1);
  }
  if (mean(votes) >= -0.2) return;
  throw new BvhError(
    `${source}: left and right are swapped (feet and knees point backwards), as in a ` +
      "mirrored or left-handed export. Export it right-handed, or correct the bone names.",
  );
}

/**
 * @param {(joint: number) => number[]} at
 * @param {boolean} isUnit whether both directions are brought to length 1 first
 */
function aheadOf(at, isUnit) {
  const left = minus(at(JOINT.left_hip), at(JOINT.right_hip));
  const up = minus(at(JOINT.neck), at(JOINT.pelvis));
  return isUnit ? cross(unit(left), unit(up)) : cross(left, up);
}

/** @param {string[]} joints */
function listed(joints) {
  return joints.map((joint) => joint.replaceAll("_", " ")).join(", ");
}
