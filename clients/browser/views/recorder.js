/**
 * Keeps what a session said and what was sent, with times, as JSON lines, and tells it again.
 * Pure: told the time; knows no files.
 *
 * The first line says what the file is; each further line is one message:
 * `{"at_ms": 12.5, "from": "server", "message": {...}}`. Bytes are base64, as in the protocol's JSON.
 */

import { JSON_SUBPROTOCOL, encode } from "../protocol.js";

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {import("../protocol.js").ClientMessage} ClientMessage */
/** @typedef {{at_ms: number, from: "server" | "client", message: ServerMessage | ClientMessage}} Entry
 *   `pose.joints` and `heat.grid` are bytes again once read */

/** Characters of a recording: what a browser holds in memory without harm. */
export const MOST_CHARACTERS = 128 * 1024 * 1024;

const HEAD = { kind: "liveground recording", format: 1 };

/** A file is no recording of a session. */
export class RecordingError extends Error {
  name = "RecordingError";
}

export class Recorder {
  /** @type {string[]} lines of the file, each with its end; empty before the first message */
  lines = [];
  #beganMs = 0;
  #characters = 0;

  /** @param {number} [most] characters */
  constructor(most = MOST_CHARACTERS) {
    this.most = most;
  }

  /** @returns {boolean} nothing more is kept */
  get full() {
    return this.#characters >= this.most;
  }

  /** @returns {number} messages */
  get count() {
    return Math.max(0, this.lines.length - 1);
  }

  /**
   * @param {ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    this.#keep("server", message, nowMs);
  }

  /**
   * @param {ClientMessage} message
   * @param {number} nowMs
   */
  sent(message, nowMs) {
    this.#keep("client", message, nowMs);
  }

  clear() {
    this.lines = [];
    this.#characters = 0;
  }

  /**
   * @param {"server" | "client"} from
   * @param {ServerMessage | ClientMessage} message
   * @param {number} nowMs
   */
  #keep(from, message, nowMs) {
    if (this.full) return;
    if (this.lines.length === 0) {
      this.#beganMs = nowMs;
      this.lines.push(`${JSON.stringify(HEAD)}\n`);
    }
    const atMs = Math.round(10 * Math.max(0, nowMs - this.#beganMs)) / 10;
    const text = encode(withoutSecrets(message), JSON_SUBPROTOCOL);
    const line = `{"at_ms":${atMs},"from":"${from}","message":${text}}\n`;
    this.lines.push(line);
    this.#characters += line.length;
  }
}

/**
 * Tokens let others into a session: no file has them.
 * @param {ServerMessage | ClientMessage} message
 * @returns {ServerMessage | ClientMessage}
 */
function withoutSecrets(message) {
  if (message.type === "welcome") return { ...message, resume_token: "" };
  if (message.type !== "hello") return message;
  const { token: _token, resume: _resume, ...rest } = message;
  return rest;
}

/**
 * @param {string} text of a file
 * @returns {{entries: Entry[], durationMs: number, note: string}} by time; `note` says what of the
 *   file could not be used, empty for nothing
 * @throws {RecordingError} with what was wrong
 */
export function readRecording(text) {
  const [head, ...lines] = text.split("\n").filter((line) => line.trim());
  const kind = parsed(head ?? "");
  if (!isObject(kind) || kind.kind !== HEAD.kind) {
    throw new RecordingError("This is no recording of a session: its first line does not say so.");
  }
  if (kind.format !== HEAD.format) {
    throw new RecordingError(
      `The recording has format ${kind.format}; this page reads format ${HEAD.format}. Use a newer page.`,
    );
  }
  const read = lines.map((line) => entryOf(parsed(line)));
  const entries = read.filter((entry) => entry !== null).sort((a, b) => a.at_ms - b.at_ms);
  if (entries.length === 0) throw new RecordingError("The recording holds no messages.");
  const damaged = read.length - entries.length;
  return {
    entries,
    durationMs: entries[entries.length - 1].at_ms,
    note: damaged ? `${damaged} of ${read.length} lines are damaged: left out.` : "",
  };
}

/** Tells the entries of a recording again when their time has come. */
export class Replay {
  #next = 0;

  /** @param {Entry[]} entries by time */
  constructor(entries) {
    this.entries = entries;
  }

  /** Whether all has been told. */
  get done() {
    return this.#next >= this.entries.length;
  }

  /**
   * @param {number} elapsedMs since the recording began
   * @returns {Entry[]} those that have become due since the last call
   */
  due(elapsedMs) {
    const from = this.#next;
    while (!this.done && this.entries[this.#next].at_ms <= elapsedMs) this.#next++;
    return this.entries.slice(from, this.#next);
  }

  /**
   * Go to a time: `due` tells what comes from there on.
   * @param {number} elapsedMs
   */
  seek(elapsedMs) {
    const place = this.entries.findIndex((entry) => entry.at_ms >= elapsedMs);
    this.#next = place < 0 ? this.entries.length : place;
  }
}

/** @param {string} line */
function parsed(line) {
  try {
    return /** @type {unknown} */ (JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/**
 * @param {unknown} value
 * @returns {Entry | null} null for a line that is none
 */
function entryOf(value) {
  if (!isObject(value) || typeof value.at_ms !== "number" || !isObject(value.message)) return null;
  if (typeof value.message.type !== "string") return null;
  if (value.from !== "server" && value.from !== "client") return null;
  const message = /** @type {ServerMessage | ClientMessage} */ (/** @type {unknown} */ (value.message));
  try {
    return { at_ms: value.at_ms, from: value.from, message: withBytes(message) };
  } catch {
    return null;
  }
}

/**
 * @param {ServerMessage | ClientMessage} message
 * @returns {ServerMessage | ClientMessage}
 */
function withBytes(message) {
  if (message.type === "pose" && typeof message.joints === "string") {
    return { ...message, joints: new Float32Array(bytesOf(message.joints).buffer) };
  }
  if (message.type !== "heatmap") return message;
  const heats = message.heats.map((heat) =>
    typeof heat.grid === "string" ? { ...heat, grid: bytesOf(heat.grid) } : heat,
  );
  return { ...message, heats };
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
