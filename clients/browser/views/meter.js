/**
 * Figures of a connection from its messages: ages, rates, what was dropped and why. Pure.
 */

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{p50: number, p95: number}} Quantiles milliseconds */

/** Figures speak of the last so many milliseconds. */
export const WINDOW_MS = 5000;
/** Frames whose answers are waited for. */
const WAITING = 600;

/** Numbers of the last seconds. */
export class Recent {
  /** @type {{atMs: number, value: number}[]} */
  #all = [];

  /**
   * @param {number} nowMs
   * @param {number} value
   */
  push(nowMs, value) {
    this.#all.push({ atMs: nowMs, value });
    this.#forget(nowMs);
  }

  /**
   * @param {number} nowMs
   * @returns {number} a second, over the window or the time since the first, at least one second
   */
  rate(nowMs) {
    this.#forget(nowMs);
    if (this.#all.length < 2) return 0;
    const overMs = Math.max(1000, nowMs - this.#all[0].atMs);
    return ((this.#all.length - 1) * 1000) / overMs;
  }

  /**
   * @param {number} nowMs
   * @returns {number} sum a second
   */
  sumRate(nowMs) {
    const mean = this.#all.reduce((sum, each) => sum + each.value, 0) / (this.#all.length || 1);
    return this.rate(nowMs) * mean;
  }

  /**
   * @param {number} nowMs
   * @returns {Quantiles | null} null while there are none
   */
  quantiles(nowMs) {
    this.#forget(nowMs);
    if (!this.#all.length) return null;
    const values = this.#all.map((each) => each.value).sort((a, b) => a - b);
    const at = (/** @type {number} */ part) => values[Math.round(part * (values.length - 1))];
    return { p50: at(0.5), p95: at(0.95) };
  }

  /** @param {number} nowMs */
  #forget(nowMs) {
    let old = 0;
    while (old < this.#all.length && nowMs - this.#all[old].atMs > WINDOW_MS) old++;
    if (old) this.#all.splice(0, old);
  }
}

export class Meter {
  /** Age of the moment that a result speaks of, as the server estimates it. */
  ages = new Recent();
  /** From sending a frame to its answer, on this side's clock. */
  answers = new Recent();
  frames = new Recent();
  results = new Recent();
  /** @type {Map<string, number>} frames by reason */
  dropped = new Map();
  errored = 0;
  /** @type {Map<number, number>} */
  #sentMs = new Map();

  /**
   * @param {ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    if (message.type === "label" || message.type === "heatmap") {
      this.ages.push(nowMs, message.age_ms);
      this.results.push(nowMs, 1);
      this.#answered(message.seq, nowMs);
    } else if (message.type === "dropped") {
      this.dropped.set(message.reason, (this.dropped.get(message.reason) ?? 0) + message.count);
    } else if (message.type === "stats") {
      this.dropped = new Map(Object.entries(message.dropped).filter(([, count]) => count > 0));
      this.errored = message.errored;
    } else if (message.type === "welcome" && !message.resumed) {
      this.#sentMs.clear();
      this.dropped.clear();
      this.errored = 0;
    }
  }

  /**
   * A frame was sent.
   * @param {number} nowMs
   * @param {number} [bytes]
   * @param {number} [seq] its number, to measure when it is answered
   */
  sent(nowMs, bytes = 0, seq = undefined) {
    this.frames.push(nowMs, bytes);
    if (seq === undefined) return;
    this.#sentMs.set(seq, nowMs);
    if (this.#sentMs.size > WAITING) this.#sentMs.delete(this.#sentMs.keys().next().value ?? -1);
  }

  /**
   * @param {number} seq
   * @param {number} nowMs
   */
  #answered(seq, nowMs) {
    const sentMs = this.#sentMs.get(seq);
    if (sentMs === undefined) return;
    this.answers.push(nowMs, nowMs - sentMs);
    for (const earlier of this.#sentMs.keys()) {
      if (earlier > seq) break;
      this.#sentMs.delete(earlier);
    }
  }
}
