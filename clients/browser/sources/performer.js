/**
 * The synthetic performer of `clients/performer`, in the browser: the same clips, in random order, each
 * beginning where the last one left off. Pure; time is computed, never read from a clock.
 */

/** @typedef {import("./npz.js").Stored} Stored */

const JOINTS = 22;
const FLOATS = 3 * JOINTS;
const FADE_S = 0.3;
const LEFT_HIP = 3;
const RIGHT_HIP = 6;

/**
 * @typedef {object} Clip
 * @property {string} action
 * @property {string} start posture
 * @property {string} end posture
 * @property {Float32Array[]} frames each of 22 joints, metres
 *
 * @typedef {{clips: Clip[], rateHz: number}} Routine
 */

/**
 * @param {Record<string, Stored>} stored arrays of `routine.npz`
 * @returns {Routine}
 */
export function routineOf(stored) {
  const bounds = numbers(stored.bounds);
  const about = numbers(stored.about_pelvis);
  const pelvis = numbers(stored.pelvis);
  const unit = numbers(stored.unit_m)[0];
  const frame = (/** @type {number} */ index) =>
    Float32Array.from({ length: FLOATS }, (_, at) => about[FLOATS * index + at] * unit + pelvis[3 * index + (at % 3)]);
  const clips = /** @type {string[]} */ (stored.actions.values).map((action, index) => ({
    action,
    start: String(stored.starts.values[index]),
    end: String(stored.ends.values[index]),
    frames: Array.from({ length: bounds[index + 1] - bounds[index] }, (_, at) => frame(bounds[index] + at)),
  }));
  return { clips, rateHz: numbers(stored.rate_hz)[0] };
}

/**
 * An endless performance at the routine's rate.
 * @param {Routine} routine
 * @param {() => number} random 0..1
 * @returns {Generator<{joints: Float32Array, action: string}, never>}
 */
export function* perform({ clips, rateHz }, random) {
  const fade = Math.round(FADE_S * rateHz);
  let clip = next(clips, "stand", "", random);
  let frames = clip.frames;
  for (;;) {
    for (const joints of frames.slice(0, -fade)) yield { joints, action: clip.action };
    const tail = frames.slice(-fade);
    const last = clip;
    clip = next(clips, last.end, last.action, random);
    frames = moved(clip.frames, tail[0]);
    for (let step = 0; step < fade; step++) {
      const share = (step + 1) / (fade + 1);
      const joints = between(tail[step], frames[step], share * share * (3 - 2 * share));
      yield { joints, action: 2 * step < fade ? last.action : clip.action };
    }
    frames = frames.slice(fade);
  }
}

/**
 * The same performance, sampled at another rate.
 * @param {Iterator<{joints: Float32Array, action: string}>} performance
 * @param {number} fromHz
 * @param {number} toHz
 * @returns {Generator<{joints: Float32Array, action: string}, never>}
 */
export function* resampled(performance, fromHz, toHz) {
  let before = performance.next().value;
  let after = performance.next().value;
  for (let at = 0; ; at += fromHz / toHz) {
    for (; at >= 1; at -= 1) [before, after] = [after, performance.next().value];
    yield { joints: between(before.joints, after.joints, at), action: after.action };
  }
}

/**
 * Numbers 0..1, the same for one seed (mulberry32).
 * @param {number} seed
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Clip[]} clips
 * @param {string} posture
 * @param {string} but not the same again
 * @param {() => number} random
 */
function next(clips, posture, but, random) {
  const fitting = clips.filter((clip) => clip.start === posture && clip.action !== but);
  return fitting[Math.floor(random() * fitting.length)];
}

/**
 * Frames turned and shifted over the floor so that the first stands as `onto`.
 * @param {Float32Array[]} frames
 * @param {Float32Array} onto
 */
function moved(frames, onto) {
  const angle = heading(onto) - heading(frames[0]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x0, z0] = [frames[0][0], frames[0][2]];
  return frames.map((frame) => {
    const out = new Float32Array(FLOATS);
    for (let at = 0; at < FLOATS; at += 3) {
      const [x, z] = [frame[at] - x0, frame[at + 2] - z0];
      out[at] = cos * x + sin * z + onto[0];
      out[at + 1] = frame[at + 1];
      out[at + 2] = -sin * x + cos * z + onto[2];
    }
    return out;
  });
}

/** Which way a pose faces, in radians about y. @param {Float32Array} joints */
function heading(joints) {
  return Math.atan2(-(joints[LEFT_HIP + 2] - joints[RIGHT_HIP + 2]), joints[LEFT_HIP] - joints[RIGHT_HIP]);
}

/**
 * @param {Float32Array} one
 * @param {Float32Array} other
 * @param {number} share of the other
 */
function between(one, other, share) {
  return one.map((value, at) => value * (1 - share) + other[at] * share);
}

/** @param {Stored} stored */
function numbers(stored) {
  return /** @type {Float64Array} */ (stored.values);
}
