/**
 * In which unit a rig is measured and which of its axes is up, found out from the body. Pure.
 */

import { JOINT } from "./poses.js";
import { mean, median, minus, part, unit } from "./rig_motion.js";

/** @typedef {import("./rig_motion.js").Motion} Motion */

/** @type {[string, number][]} */
const UNITS_M = [
  ["metres", 1],
  ["decimetres", 0.1],
  ["centimetres", 0.01],
  ["millimetres", 0.001],
  ["inches", 0.0254],
  ["feet", 0.3048],
  ["Acclaim units", 0.0254 / 0.45],
];
const LEG_M = 0.82;
const PLAUSIBLE_LEG_M = [0.5, 1.15];
/** Proper rotations that turn the named axis to y.
 * @type {[string, (point: number[]) => number[]][]} */
const UP = [
  ["y", ([x, y, z]) => [x, y, z]],
  ["z", ([x, y, z]) => [x, z, -y]],
  ["-y", ([x, y, z]) => [x, -y, -z]],
  ["-z", ([x, y, z]) => [x, -z, y]],
];
const SIDES = /** @type {const} */ (["left", "right"]);

/** A file of recorded motion cannot be used. */
export class BvhError extends Error {
  name = "BvhError";
}

/**
 * Scale to metres by the length of the legs, and a note when it is no known unit.
 * @param {Motion} joints
 */
export function metres(joints) {
  let leg = 0;
  for (const side of SIDES) {
    const [hip, knee, ankle] = [JOINT[`${side}_hip`], JOINT[`${side}_knee`], JOINT[`${side}_ankle`]];
    for (const [from, to] of [[hip, knee], [knee, ankle]]) {
      leg += median(joints.map((at) => Math.hypot(...minus(at(to), at(from))))) / 2;
    }
  }
  if (!(leg > 0)) {
    throw new BvhError("The legs have no length: hip, knee and ankle are at one point.");
  }
  const misfit = (/** @type {number} */ size) => Math.abs(Math.log((leg * size) / LEG_M));
  const [name, size] = UNITS_M.reduce((best, next) => (misfit(next[1]) < misfit(best[1]) ? next : best));
  if (PLAUSIBLE_LEG_M[0] <= leg * size && leg * size <= PLAUSIBLE_LEG_M[1]) {
    const isUsual = name === "metres" || name === "centimetres";
    return { scale: size, note: isUsual ? "" : `Lengths taken as ${name}.` };
  }
  const note = `Legs are ${leg.toPrecision(3)} long, which fits no unit: scaled to ${LEG_M} m.`;
  return { scale: LEG_M / leg, note };
}

/**
 * The axis along which the body stands, over all frames.
 * @param {Motion} joints
 */
export function upAxis(joints) {
  const bodies = joints.map((at) => {
    const feet = part(at(JOINT.left_ankle), at(JOINT.right_ankle), 0.5);
    return unit(minus(at(JOINT.head), feet));
  });
  const upright = UP.map(([, turn]) => mean(bodies.map((body) => turn(body)[1])));
  const best = upright.indexOf(Math.max(...upright));
  if (upright[0] > 0.6 || (upright[best] < 0.5 && upright[0] > -0.5)) {
    const note = upright[0] > 0.5 ? "" : "The body is never upright: y taken as up.";
    return { turn: UP[0][1], note };
  }
  const [name, turn] = UP[best];
  return { turn, note: name === "z" ? "" : `The body stands along ${name}: turned by rotation.` };
}
