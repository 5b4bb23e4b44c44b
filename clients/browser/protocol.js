/**
 * Bytes to messages and back in the browser, for both WebSocket subprotocols; the counterpart of
 * `stream/protocol.py`. `tests/vectors/` holds both to the same bytes. Pure: no socket, no clock.
 *
 * Messages are plain objects with the fields of docs/protocol.md; a field that has its default
 * value is absent. `pose.joints` may be a Float32Array of J * 3 metres and `image.jpeg` a Uint8Array,
 * in both forms; `heat.grid` comes as a Uint8Array in MessagePack and as base64 in JSON.
 */

import { pack, unpack } from "./msgpack.js";

export const PROTOCOL_VERSION = 1;
export const JSON_SUBPROTOCOL = "liveground.v1.json";
export const MSGPACK_SUBPROTOCOL = "liveground.v1.msgpack";
/** For `new WebSocket(url, SUBPROTOCOLS)`: the preferred one first. */
export const SUBPROTOCOLS = [MSGPACK_SUBPROTOCOL, JSON_SUBPROTOCOL];

/** Arguments of one call: an image has more bytes than a call may have arguments. */
const CHUNK = 8192;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * @typedef {{type: "hello", protocol: number, client: string, token?: string, resume?: string,
 *   kind?: "motion" | "video"}} Hello
 * @typedef {{type: "configure", instruction?: string, steps?: string[], prompts?: string[],
 *   mode?: "script" | "watch", lookahead_s?: number, horizon_s?: number}} Configure
 * @typedef {{type: "enrol", name?: string, start_s?: number, end_s?: number, words?: boolean,
 *   examples?: string}} Enrol
 * @typedef {{type: "pose", seq: number, time_s: number,
 *   joints: Float32Array | Uint8Array | number[][] | string, skeleton?: string}} Pose
 * @typedef {{type: "image", seq: number, time_s: number, jpeg: Uint8Array | string}} Image
 * @typedef {{type: "ping", id: number}} Ping
 * @typedef {{type: "pong", id: number}} Pong
 * @typedef {{type: "bye", reason?: string}} Bye
 * @typedef {Hello | Configure | Enrol | Pose | Image | Ping | Pong | Bye} ClientMessage
 *
 * @typedef {{max_message_bytes: number, max_rate_hz: number, max_prompts: number,
 *   max_text_chars: number, max_horizon_s: number, resume_s: number, max_examples: number,
 *   max_example_s: number, max_image_px: number}} Limits
 * @typedef {{name: string, joints: string[], parents: number[]}} Skeleton
 * @typedef {{name: string, version: string, sha256: string, lookahead_s: number, fps: number}} Model
 * @typedef {{name: string, version: string, sha256: string, size_px: number,
 *   calibrated: boolean, notice: string}} VideoModel
 * @typedef {{type: "welcome", protocol: number, session: string, resume_token: string,
 *   resumed: boolean, last_seq: number, server: string, limits: Limits, skeletons: Skeleton[],
 *   model: Model, video?: VideoModel,
 *   recording?: "off" | "messages" | "messages_and_images"}} Welcome
 * @typedef {{type: "configured", config: number, mode: "script" | "watch", labels: string[],
 *   lookahead_s: number, horizon_s: number, cause?: "configure" | "example" | "descriptions",
 *   since_s?: number}} Configured
 * @typedef {{type: "enrolled", name: string, seconds: number, counts: Record<string, number>,
 *   labels: string[], examples: string}} Enrolled
 * @typedef {{type: "label", config: number, seq: number, time_s: number, age_ms: number,
 *   index: number, label: string, score: number, scores: number[]}} Label
 * @typedef {{type: "segment", config: number, id: number, index: number, label: string,
 *   start_s: number, end_s: number, score: number,
 *   state: "provisional" | "final" | "retracted"}} Segment
 * @typedef {{x: number, y: number, score: number, box: number[]}} Peak
 * @typedef {{index: number, present: boolean, presence: number, peaks: Peak[], low: number,
 *   high: number, grid: Uint8Array | string}} Heat
 * @typedef {{type: "heatmap", config: number, seq: number, time_s: number, key_time_s: number,
 *   age_ms: number, columns: number, rows: number, heats: Heat[]}} Heatmap
 * @typedef {{type: "dropped", reason: string, first_seq: number, last_seq: number,
 *   count: number}} Dropped
 * @typedef {{type: "notice", code: string, text: string}} Notice
 * @typedef {{type: "stats", received: number, processed: number, dropped: Record<string, number>,
 *   errored: number, pending: number, labels: number, labels_skipped: number, input_hz: number,
 *   age_p50_ms: number, age_p95_ms: number, key_frames?: number, unchanged?: number}} Stats
 * @typedef {{type: "error", code: string, text: string, fatal?: boolean, seq?: number,
 *   limit?: string, value?: number}} ErrorMessage
 * @typedef {{type: "going_away", time_left_s: number}} GoingAway
 * @typedef {Welcome | Configured | Enrolled | Label | Segment | Heatmap | Dropped | Notice | Stats
 *   | ErrorMessage | Ping | Pong | GoingAway | Bye} ServerMessage
 */

/** The `type` of every message of version 1, by who sends it. */
export const CLIENT_TYPES = new Set([
  "hello",
  "configure",
  "enrol",
  "pose",
  "image",
  "ping",
  "pong",
  "bye",
]);
export const SERVER_TYPES = new Set([
  "welcome",
  "configured",
  "enrolled",
  "label",
  "segment",
  "heatmap",
  "dropped",
  "notice",
  "stats",
  "error",
  "ping",
  "pong",
  "going_away",
  "bye",
]);

/** The bytes are no message of this protocol. */
export class ProtocolError extends Error {
  name = "ProtocolError";
}

/**
 * Encode a message for `WebSocket.send`: a string for JSON, bytes for MessagePack.
 * @param {ClientMessage | ServerMessage} message
 * @param {string} subprotocol the one that the server chose: `socket.protocol`
 * @returns {string | Uint8Array}
 */
export function encode(message, subprotocol) {
  if (subprotocol === MSGPACK_SUBPROTOCOL) return pack(message);
  return JSON.stringify(message, (key, value) => (ArrayBuffer.isView(value) ? base64(value) : value));
}

/**
 * Decode what came in a WebSocket message event.
 * @param {string | ArrayBuffer | Uint8Array} data with `socket.binaryType = "arraybuffer"`
 * @param {string} subprotocol the one that the server chose: `socket.protocol`
 * @returns {ServerMessage | ClientMessage | null} null for a type that version 1 does not know
 * @throws {ProtocolError} when the data is no message
 */
export function decode(data, subprotocol) {
  const message = parse(data, subprotocol);
  if (message === null || typeof message !== "object" || typeof message.type !== "string") {
    throw new ProtocolError("The server sent no object with a string `type`.");
  }
  return SERVER_TYPES.has(message.type) || CLIENT_TYPES.has(message.type) ? message : null;
}

/**
 * @param {string | ArrayBuffer | Uint8Array} data
 * @param {string} subprotocol
 * @returns {any}
 */
function parse(data, subprotocol) {
  try {
    if (subprotocol === MSGPACK_SUBPROTOCOL) {
      return unpack(new Uint8Array(/** @type {ArrayBuffer} */ (data)));
    }
    return JSON.parse(typeof data === "string" ? data : UTF8.decode(data));
  } catch (fault) {
    throw new ProtocolError(`The server sent no valid ${subprotocol}: ${/** @type {Error} */ (fault).message}.`);
  }
}

/**
 * Base64 of the bytes of a typed array (little-endian on every machine that runs a browser).
 * @param {ArrayBufferView} view
 */
function base64(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
