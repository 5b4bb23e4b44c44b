/**
 * Synthetic sessions for the gallery: a walking figure, segments, scores and heatmaps out of
 * formulas. Nothing here was seen by a model. Pure.
 */

import { JOINT, JOINTS } from "./poses.js";

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{atS: number, message: ServerMessage}} Timed */

const LABEL_S = 0.05;
const LOOKAHEAD_S = 0.4;
const HORIZON_S = 2.5;

/**
 * A figure that walks in a circle and swings its arms.
 * @param {number} timeS
 * @returns {Float32Array} 22 * 3 metres
 */
export function walker(timeS) {
  const joints = new Float32Array(3 * JOINTS.length);
  const heading = 0.45 * timeS;
  const stride = Math.sin(5 * timeS);
  const wave = Math.max(0, Math.sin(0.5 * timeS));
  /** @type {(name: keyof typeof JOINT, x: number, y: number, z: number) => void} */
  const put = (name, x, y, z) => {
    const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
    const place = 3 * JOINT[name];
    joints[place] = 1.3 * cos + x * cos + z * sin - 1.3;
    joints[place + 1] = y + 0.015 * Math.cos(10 * timeS);
    joints[place + 2] = -1.3 * sin - x * sin + z * cos;
  };
  put("pelvis", 0, 0.94, 0);
  put("spine1", 0, 1.06, -0.01);
  put("spine2", 0, 1.19, -0.01);
  put("spine3", 0, 1.26, 0);
  put("neck", 0, 1.46, 0);
  put("head", 0, 1.56, 0.04);
  for (const [side, sign] of /** @type {["left" | "right", number][]} */ ([
    ["left", 1],
    ["right", -1],
  ])) {
    const step = sign * stride;
    const lift = Math.max(0, sign * Math.cos(5 * timeS)) * 0.12;
    put(`${side}_hip`, 0.07 * sign, 0.86, 0);
    put(`${side}_knee`, 0.09 * sign, 0.49 + 0.5 * lift, 0.2 * step + 0.06);
    put(`${side}_ankle`, 0.09 * sign, 0.09 + lift, 0.34 * step - 0.03);
    put(`${side}_foot`, 0.1 * sign, 0.03 + 0.7 * lift, 0.34 * step + 0.11);
    put(`${side}_collar`, 0.07 * sign, 1.38, 0);
    put(`${side}_shoulder`, 0.18 * sign, 1.39, -0.01);
    const up = sign < 0 ? wave : 0;
    put(`${side}_elbow`, (0.24 + 0.12 * up) * sign, 1.13 + 0.2 * up, -0.14 * step * (1 - up));
    const shake = 0.12 * Math.sin(14 * timeS) * up;
    put(
      `${side}_wrist`,
      (0.26 + 0.2 * up) * sign + shake,
      0.93 + 0.72 * up,
      0.06 - 0.26 * step * (1 - up),
    );
  }
  return joints;
}

/**
 * A session about motion in which one label follows the other.
 * @param {{labels: string[], mode: "script" | "watch", lengthsS: number[], endS: number,
 *   unknownEvery?: number}} plan
 * @returns {Timed[]} by time
 */
export function motionSession({ labels, mode, lengthsS, endS, unknownEvery = 0 }) {
  /** @type {Timed[]} */
  const timed = [{ atS: 0, message: configured(labels, mode) }];
  const stretches = plan(labels.length, { mode, lengthsS, endS, unknownEvery });
  for (let timeS = 0; timeS < endS; timeS += LABEL_S) {
    const now = stretches.find((each) => timeS < each.endS);
    if (now === undefined) break;
    const atS = timeS + LOOKAHEAD_S;
    timed.push({ atS, message: label(labels, now, timeS) });
    for (const each of stretches) {
      const segment = told(labels, each, timeS);
      if (segment) timed.push({ atS, message: segment });
    }
  }
  return timed;
}

/** @typedef {{id: number, index: number, startS: number, endS: number}} Planned */

/**
 * @param {number} count of labels
 * @param {{mode: string, lengthsS: number[], endS: number, unknownEvery: number}} wanted
 * @returns {Planned[]}
 */
function plan(count, { mode, lengthsS, endS, unknownEvery }) {
  /** @type {Planned[]} */
  const stretches = [];
  let startS = 0;
  let index = -1;
  for (let id = 0; startS < endS; id++) {
    const isUnknown = unknownEvery > 0 && id % unknownEvery === unknownEvery - 1;
    const step = mode === "script" ? 1 : 1 + Math.floor((count - 1) * noise(id + 50));
    if (!isUnknown) index = (index + step) % count;
    const lengthS = lengthsS[id % lengthsS.length] * (0.8 + 0.4 * noise(id));
    stretches.push({ id, index: isUnknown ? -1 : index, startS, endS: startS + lengthS });
    startS += lengthS;
  }
  return stretches;
}

/**
 * What the server says of a stretch at that time, if anything new.
 * @param {string[]} labels
 * @param {Planned} stretch
 * @param {number} timeS
 * @returns {ServerMessage | null}
 */
function told(labels, stretch, timeS) {
  const { id, index, startS, endS } = stretch;
  if (index < 0 || timeS < startS + 0.2 || timeS > endS + HORIZON_S + 2 * LABEL_S) return null;
  const isFinal = timeS > endS + HORIZON_S;
  const early = id % 3 === 1 && timeS < startS + 1.4 ? 0.5 : 0;
  return {
    type: "segment",
    config: 1,
    id,
    index,
    label: labels[index],
    start_s: startS - early,
    end_s: Math.min(endS, timeS),
    score: 0.72 + 0.25 * noise(id),
    state: isFinal ? "final" : "provisional",
  };
}

/**
 * @param {string[]} labels
 * @param {Planned} now
 * @param {number} timeS
 * @returns {ServerMessage}
 */
function label(labels, now, timeS) {
  const rise = Math.min(1, (timeS - now.startS) / 0.5, (now.endS - timeS) / 0.4);
  const scores = labels.map((_, index) => {
    const floor = 0.06 + 0.05 * Math.sin(1.7 * timeS + 2 * index) ** 2;
    return index === now.index ? floor + (0.8 + 0.05 * Math.sin(6 * timeS)) * rise : floor;
  });
  return {
    type: "label",
    config: 1,
    seq: Math.round(60 * timeS),
    time_s: timeS,
    age_ms: 1000 * LOOKAHEAD_S + 14 + 12 * noise(Math.round(20 * timeS)),
    index: now.index,
    label: labels[now.index] ?? "unknown",
    score: now.index < 0 ? 0.3 : scores[now.index],
    scores,
  };
}

/**
 * @param {string[]} labels
 * @param {"script" | "watch"} mode
 * @returns {ServerMessage}
 */
export function configured(labels, mode) {
  return {
    type: "configured",
    config: 1,
    mode,
    labels,
    lookahead_s: LOOKAHEAD_S,
    horizon_s: HORIZON_S,
  };
}

/**
 * A heatmap whose first prompt is where `centre` says.
 * @param {number} timeS
 * @param {{x: number, y: number}[]} centres shares of the picture, one for each prompt that is there
 * @param {number} prompts
 * @returns {import("../protocol.js").Heatmap}
 */
export function heatmap(timeS, centres, prompts) {
  const [columns, rows] = [14, 14];
  return {
    type: "heatmap",
    config: 1,
    seq: Math.round(30 * timeS),
    time_s: timeS,
    key_time_s: timeS - 0.1,
    age_ms: 42,
    columns,
    rows,
    heats: Array.from({ length: prompts }, (_, index) => {
      const centre = centres[index];
      const grid = new Uint8Array(columns * rows);
      for (let cell = 0; cell < grid.length; cell++) {
        const x = ((cell % columns) + 0.5) / columns - (centre?.x ?? 0.3);
        const y = (Math.floor(cell / columns) + 0.5) / rows - (centre?.y ?? 0.8);
        grid[cell] = 255 * Math.exp(-(x * x + y * y) / 0.018) * (0.92 + 0.08 * noise(cell));
      }
      return {
        index,
        present: centre !== undefined,
        presence: centre ? 0.93 : 0.08,
        peaks: centre ? [peak(centre)] : [],
        low: 0.11,
        high: centre ? 0.27 : 0.13,
        grid,
      };
    }),
  };
}

/** @param {{x: number, y: number}} centre */
function peak({ x, y }) {
  const box = [x - 0.13, y - 0.13, x + 0.13, y + 0.13].map((at) => Math.min(1, Math.max(0, at)));
  return { x, y, score: 0.98, box };
}

/**
 * Always the same number for the same `n`.
 * @param {number} n
 * @returns {number} 0..1
 */
function noise(n) {
  const value = Math.sin(127.1 * n + 311.7) * 43758.5453;
  return value - Math.floor(value);
}
