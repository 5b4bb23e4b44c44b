/**
 * BVH files of any common rig to canonical takes, with the numbers of `clients/rigs/bvh.py`. Pure.
 */

import { toCanonical } from "./rig_canonical.js";
import { END } from "./rig_names.js";
import { BvhError } from "./rig_unit.js";

export { BvhError };

/** @typedef {{name: string, parent: number, offset: number[], channels: string[], column: number}} Bone
 *   one joint or end site; `column` is its first place in a row of the motion */
/** @typedef {import("./rig_canonical.js").Take} Take */

const AXES = "XYZ";
const STATEMENT =
  /(?:ROOT|JOINT)[ \t]+(?<joint>[^\n{]+)|(?<end>END[ \t]+SITE[^\n{]*)|OFFSET(?<offset>(?:\s+[-+.\deE]+){3})|CHANNELS\s+\d+(?<channels>(?:\s+[XYZ](?:position|rotation))*)|(?<brace>[{}])/gi;

/**
 * @param {string} text of the file
 * @param {string} [name] of the file, for messages
 * @returns {Take} canonical joints, metres
 * @throws {BvhError} with what was wrong and what was expected
 */
export function readBvh(text, name = "the file") {
  const unix = text.replace(/\r\n?/g, "\n");
  const parts = unix.indexOf("\nMOTION");
  const hierarchy = unix.slice(0, Math.max(0, parts));
  if (parts < 0 || !hierarchy.includes("HIERARCHY")) {
    throw new BvhError(`${name}: no BVH file (HIERARCHY and MOTION expected).`);
  }
  const bones = parseHierarchy(hierarchy, name);
  const columns = bones.reduce((sum, bone) => sum + bone.channels.length, 0);
  const { rows, frameS } = parseMotion(unix.slice(parts + 7), columns, name);
  const positions = forward(bones, rows, columns);
  return toCanonical(
    { names: bones.map((bone) => bone.name), parents: bones.map((bone) => bone.parent), positions },
    frameS,
    name,
  );
}

/**
 * Bones in file order, parents first. End sites are bones named `<parent> end`.
 * @param {string} text
 * @param {string} source
 * @returns {Bone[]}
 */
function parseHierarchy(text, source) {
  /** @type {Bone[]} */
  const bones = [];
  /** @type {number[]} */
  const open = [];
  let done = text.indexOf("HIERARCHY") + "HIERARCHY".length;
  STATEMENT.lastIndex = done;
  for (let match = STATEMENT.exec(text); match; match = STATEMENT.exec(text)) {
    if (text.slice(done, match.index).trim() || !apply(match.groups ?? {}, bones, open)) break;
    done = match.index + match[0].length;
  }
  const rest = text.slice(done).trim();
  if (rest || !bones.length || open.length) {
    const near = rest ? `near '${rest.split("\n")[0]}'` : "(empty, or a bracket is not closed)";
    throw new BvhError(`${source}: the hierarchy is damaged ${near}.`);
  }
  return bones;
}

/**
 * @param {Record<string, string | undefined>} statement
 * @param {Bone[]} bones
 * @param {number[]} open
 * @returns {boolean} whether the statement makes sense here
 */
function apply(statement, bones, open) {
  const parent = open.at(-1) ?? -1;
  const last = bones.at(-1);
  /** @param {string} name */
  const add = (name) => bones.push({ name, parent, offset: [0, 0, 0], channels: [], column: 0 });
  if (statement.joint) add(statement.joint.trim());
  else if (statement.end) {
    if (parent < 0) return false;
    add(bones[parent].name + END);
  } else if (statement.brace === "}") return open.pop() !== undefined;
  else if (last === undefined) return false;
  else if (statement.offset) {
    last.offset = statement.offset.trim().split(/\s+/).map(Number);
    return last.offset.every(Number.isFinite);
  } else if (statement.brace) open.push(bones.length - 1);
  else if (statement.channels !== undefined) {
    last.column = bones.reduce((sum, bone) => sum + bone.channels.length, 0);
    last.channels = statement.channels.trim().split(/\s+/).filter(Boolean);
  }
  return true;
}

/**
 * @param {string} text
 * @param {number} columns
 * @param {string} source
 * @returns {{rows: Float64Array, frameS: number}}
 */
function parseMotion(text, columns, source) {
  const found = /Frame Time:[ \t]*([^\n]*)(?:\n|$)/.exec(text);
  const frameS = found?.[1].trim() ? Number(found[1]) : NaN;
  const body = found ? text.slice(found.index + found[0].length).trim() : "";
  const rows = Float64Array.from(body ? body.split(/\s+/) : [], Number);
  if (!found || !(frameS > 0 && frameS <= 1)) {
    throw new BvhError(`${source}: Frame Time is ${frameS} s; above 0 and at most 1 expected.`);
  }
  if (rows.some((value) => !Number.isFinite(value))) {
    throw new BvhError(`${source}: the motion part is damaged (a value is no number).`);
  }
  if (!rows.length || !columns || rows.length % columns) {
    throw new BvhError(
      `${source}: ${rows.length} motion values are no whole number of frames of ${columns} ` +
        "channels. The file is cut off or damaged; export it again.",
    );
  }
  return { rows, frameS };
}

/**
 * Global positions (T, N, 3) of all bones, in the file's axes and unit.
 *
 * Position channels stand in place of the offset; where those of a child are all zero the offset
 * holds.
 * @param {Bone[]} bones
 * @param {Float64Array} rows
 * @param {number} columns
 */
function forward(bones, rows, columns) {
  const count = rows.length / columns;
  const positions = new Float64Array(count * bones.length * 3);
  const moves = bones.map((bone) => movesOf(bone, rows, columns));
  const turns = new Float64Array(bones.length * 9);
  for (let frame = 0; frame < count; frame++) {
    const row = rows.subarray(frame * columns, (frame + 1) * columns);
    const places = positions.subarray(frame * bones.length * 3, (frame + 1) * bones.length * 3);
    bones.forEach((bone, at) => place(bone, at, { row, places, turns, moved: moves[at] }));
  }
  return positions;
}

/**
 * The axes along which position channels move a bone; none where its offset holds.
 * @param {Bone} bone
 * @param {Float64Array} rows
 * @param {number} columns
 * @returns {{axis: number, column: number}[]}
 */
function movesOf(bone, rows, columns) {
  const moves = bone.channels.flatMap((channel, number) => {
    if (!/position$/i.test(channel)) return [];
    return [{ axis: AXES.indexOf(channel[0].toUpperCase()), column: bone.column + number }];
  });
  if (bone.parent < 0) return moves;
  for (const { column } of moves) {
    for (let at = column; at < rows.length; at += columns) {
      if (Math.abs(rows[at]) > 1e-9) return moves;
    }
  }
  return [];
}

/**
 * Place one bone in one frame.
 * @param {Bone} bone
 * @param {number} at its index
 * @param {{row: Float64Array, places: Float64Array, turns: Float64Array,
 *   moved: {axis: number, column: number}[]}} frame
 */
function place(bone, at, { row, places, turns, moved }) {
  const [x, y, z] = bone.offset;
  const local = [x, y, z];
  for (const { axis, column } of moved) local[axis] = row[column];
  const turn = turns.subarray(9 * at, 9 * at + 9);
  const to = 3 * at;
  if (bone.parent < 0) {
    turn.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (let axis = 0; axis < 3; axis++) places[to + axis] = local[axis];
  } else {
    const above = turns.subarray(9 * bone.parent, 9 * bone.parent + 9);
    turn.set(above);
    for (let axis = 0; axis < 3; axis++) {
      places[to + axis] =
        places[3 * bone.parent + axis] +
        above[3 * axis] * local[0] +
        above[3 * axis + 1] * local[1] +
        above[3 * axis + 2] * local[2];
    }
  }
  bone.channels.forEach((channel, number) => {
    if (/rotation$/i.test(channel)) {
      rotate(turn, AXES.indexOf(channel[0].toUpperCase()), row[bone.column + number]);
    }
  });
}

/**
 * Turn a matrix further about one of its own axes, right-handed.
 * @param {Float64Array} matrix (3, 3) row by row, changed in place
 * @param {number} axis
 * @param {number} degrees
 */
function rotate(matrix, axis, degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
  for (let row = 0; row < 9; row += 3) {
    const [first, second] = [matrix[row + a], matrix[row + b]];
    matrix[row + a] = cos * first + sin * second;
    matrix[row + b] = cos * second - sin * first;
  }
}
