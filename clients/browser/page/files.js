/** Files that were chosen or dropped on the page: motion, video, a recording of a session, examples. */

import { readNpz } from "../sources/npz.js";

/**
 * @typedef {{name: string, rateHz: number, frames: Float32Array[], warnings: string[]}} Take
 * @typedef {{kind: "motion", take: Take} | {kind: "video", file: File} |
 *   {kind: "session", text: string} | {kind: "examples", text: string}} Opened
 */

const FLOATS = 66;

/**
 * @param {File} file
 * @returns {Promise<Opened>}
 * @throws {Error} with what was wrong with it and what is expected
 */
export async function openFile(file) {
  const suffix = file.name.toLowerCase().split(".").at(-1) ?? "";
  if (suffix === "bvh") return { kind: "motion", take: await bvhTake(file) };
  if (suffix === "npz") return { kind: "motion", take: await npzTake(file) };
  if (suffix === "jsonl") return { kind: "session", text: await file.text() };
  if (suffix === "json") return { kind: "examples", text: await file.text() };
  if (file.type.startsWith("video/")) return { kind: "video", file };
  throw new Error(
    `${file.name}: this page reads motion (.bvh, .npz), video files, recordings of its own (.jsonl) and examples (.json).`,
  );
}

/** @param {File} file @returns {Promise<Take>} */
async function bvhTake(file) {
  const { readBvh } = await import("../views/bvh.js");
  const { fps, frames, count, warnings } = readBvh(await file.text(), file.name);
  return { name: file.name, rateHz: fps, frames: rows(frames, count), warnings };
}

/** @param {File} file @returns {Promise<Take>} */
async function npzTake(file) {
  const arrays = await readNpz(await file.arrayBuffer());
  const { joints, fps } = arrays;
  const isMotion = joints?.shape.length === 3 && joints.shape[1] === 22 && joints.shape[2] === 3;
  const rateHz = Number(fps?.values[0]);
  if (!isMotion || !(rateHz >= 1 && rateHz <= 1000)) {
    throw new Error(`${file.name}: expected joints (T, 22, 3) in metres and fps.`);
  }
  const values = Float32Array.from(/** @type {Float32Array} */ (joints.values));
  return { name: file.name, rateHz, frames: rows(values, joints.shape[0]), warnings: [] };
}

/**
 * @param {Float32Array} values
 * @param {number} count
 */
function rows(values, count) {
  return Array.from({ length: count }, (_, row) => values.subarray(FLOATS * row, FLOATS * (row + 1)));
}
