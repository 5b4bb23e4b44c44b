/** What a session asks the server for: one question at a time, asked again after a lost connection. */

import { SessionError } from "./errors.js";

/**
 * @typedef {import("../protocol.js").Configure} Configure
 * @typedef {import("../protocol.js").Configured} Configured
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("../protocol.js").Stats} Stats
 *
 * @typedef {object} Question
 * @property {Configure} wanted
 * @property {(answer: Configured) => void} resolve
 * @property {(fault: SessionError) => void} reject
 */

export class Questions {
  /** @type {Stats | null} The newest accounting. */
  stats = null;
  /** @type {Configure | null} What was asked for and taken. */
  #taken = null;
  /** @type {Question | null} */
  #open = null;
  /** @type {Question[]} */
  #waiting = [];
  /** A resumed session tells its configuration once more: that is no answer. */
  #toldAgain = false;
  /** A new session was told what the lost one looked for: nor is its `configured`. */
  #restoring = false;
  #asked = false;

  /** @param {(wanted: Configure) => void} say */
  constructor(say) {
    this.say = say;
  }

  /**
   * @param {Configure} wanted
   * @param {boolean} connected whether it can be said now
   * @returns {Promise<Configured>}
   */
  ask(wanted, connected) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ wanted, resolve, reject });
      if (this.#open === null) this.#next(connected);
    });
  }

  /**
   * There is a connection: say again what has no answer, and to a new session what was taken.
   * @param {boolean} resumed
   */
  connected(resumed) {
    this.#toldAgain = resumed && this.#taken !== null;
    this.#restoring = !resumed && this.#taken !== null && this.#open === null;
    if (this.#restoring && this.#taken) this.say(this.#taken);
    if (this.#open) {
      this.#asked = true;
      this.say(this.#open.wanted);
    }
  }

  /** @param {ServerMessage} message */
  hear(message) {
    if (message.type === "stats") this.stats = message;
    else if (message.type === "configured" && (message.cause ?? "configure") === "configure") {
      if (this.#toldAgain || this.#restoring) this.#toldAgain = this.#restoring = false;
      else this.#answer((question) => question.resolve(message), true);
    } else if (message.type === "error" && message.seq === undefined && this.#open && this.#asked) {
      this.#answer((question) => question.reject(SessionError.fromWire(message)), false);
    }
  }

  /** @param {SessionError} cause */
  fail(cause) {
    for (const question of [this.#open, ...this.#waiting]) question?.reject(cause);
    this.#open = null;
    this.#waiting = [];
  }

  /**
   * @param {(question: Question) => void} settle
   * @param {boolean} taken
   */
  #answer(settle, taken) {
    const question = this.#open;
    if (question === null) return;
    if (taken) this.#taken = question.wanted;
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
