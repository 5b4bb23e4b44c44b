/**
 * What a session asks the server for: one question at a time, asked again after a lost connection. A
 * new session is told what the lost one looked for and what it had been shown.
 */

import { SessionError } from "./errors.js";

/**
 * @typedef {import("../protocol.js").Configure} Configure
 * @typedef {import("../protocol.js").Configured} Configured
 * @typedef {import("../protocol.js").Enrol} Enrol
 * @typedef {import("../protocol.js").Enrolled} Enrolled
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("../protocol.js").Stats} Stats
 *
 * @typedef {object} Question
 * @property {Configure | Enrol} wanted
 * @property {(answer: any) => void} resolve
 * @property {(fault: SessionError) => void} reject
 */

const ANSWERS = /** @type {const} */ ({ configure: "configured", enrol: "enrolled" });

export class Questions {
  /** @type {Stats | null} The newest accounting. */
  stats = null;
  /** @type {Enrolled | null} What was shown so far. */
  enrolled = null;
  /** @type {Configure | null} What was asked for and taken, with prompts that were taught since. */
  #taken = null;
  /** @type {Question | null} */
  #open = null;
  /** @type {Question[]} */
  #waiting = [];
  /** Types of which the next message is told again, not an answer. @type {Set<string>} */
  #again = new Set();
  #restoring = false;
  #asked = false;

  /** @param {(wanted: Configure | Enrol) => void} say */
  constructor(say) {
    this.say = say;
  }

  /**
   * @template {Configure | Enrol} Wanted
   * @param {Wanted} wanted
   * @param {boolean} connected whether it can be said now
   * @returns {Promise<Wanted extends Configure ? Configured : Enrolled>}
   */
  ask(wanted, connected) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wanted, resolve, reject });
      if (this.#open === null) this.#next(connected);
    });
  }

  /**
   * There is a connection: say again what has no answer, and to a new session what holds.
   * @param {boolean} resumed
   */
  connected(resumed) {
    this.#restoring = !resumed;
    this.#again.clear();
    if (this.enrolled) this.#tellAgain({ type: "enrol", examples: this.enrolled.examples });
    const replaced = !resumed && this.#open?.wanted.type === "configure";
    if (this.#taken && !replaced) this.#tellAgain(this.#taken);
    if (this.#open) {
      this.#asked = true;
      this.say(this.#open.wanted);
    }
  }

  /** @param {ServerMessage} message */
  hear(message) {
    if (message.type === "stats") this.stats = message;
    else if (message.type === "configured") this.#configured(message);
    else if (message.type === "enrolled") {
      this.enrolled = message;
      if (!this.#again.delete("enrolled")) this.#answer(message);
    } else if (message.type === "error" && message.seq === undefined) this.#refused(message);
  }

  /** @param {SessionError} cause */
  fail(cause) {
    for (const question of [this.#open, ...this.#waiting]) question?.reject(cause);
    this.#open = null;
    this.#waiting = [];
  }

  /**
   * The server tells a resumed session by itself; a new one must be told.
   * @param {Configure | Enrol} wanted
   */
  #tellAgain(wanted) {
    this.#again.add(ANSWERS[wanted.type]);
    if (this.#restoring) this.say(wanted);
  }

  /** @param {Configured} message */
  #configured(message) {
    const cause = message.cause ?? "configure";
    if (cause === "example") this.#taken = withLabels(this.#taken, message);
    const isAgain = (!this.#restoring || cause === "configure") && this.#again.delete("configured");
    if (!isAgain && cause === "configure") this.#answer(message);
  }

  /** @param {import("../protocol.js").ErrorMessage} message */
  #refused(message) {
    if (this.#restoring && message.code === "model" && this.#again.delete("enrolled")) {
      this.enrolled = null; // another model: it knows nothing of what the lost session was shown
    } else if (this.#open && this.#asked) {
      this.#settle((question) => question.reject(SessionError.fromWire(message)));
    }
  }

  /** @param {Configured | Enrolled} message */
  #answer(message) {
    const wanted = this.#open?.wanted;
    if (!wanted || ANSWERS[wanted.type] !== message.type) return;
    if (wanted.type === "configure") this.#taken = wanted;
    this.#settle((question) => question.resolve(message));
  }

  /** @param {(question: Question) => void} settle */
  #settle(settle) {
    const question = /** @type {Question} */ (this.#open);
    this.#open = null;
    settle(question);
    this.#next(true);
  }

  /** @param {boolean} connected */
  #next(connected) {
    this.#open = this.#waiting.shift() ?? null;
    this.#asked = connected && this.#open !== null;
    if (this.#open && connected) this.say(this.#open.wanted);
  }
}

/**
 * The request with prompts that were taught since.
 * @param {Configure | null} wanted
 * @param {Configured} configured
 * @returns {Configure | null}
 */
function withLabels(wanted, { mode, labels }) {
  if (wanted === null || mode === "script") return wanted;
  const { instruction: _instruction, steps: _steps, mode: _mode, ...rest } = wanted;
  return { ...rest, prompts: labels };
}
