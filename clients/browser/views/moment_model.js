/**
 * What is being done now, calm enough to read: a label counts once it has held for a moment. Pure.
 */

import { seen, surest } from "./heat_picture.js";

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{index: number, label: string, score: number, forS: number, next: string | null,
 *   isKnown: boolean}} Now `forS`: seconds since it began, on the capture clock; `score` is NaN where
 *   the model is not calibrated */

/** How long another label must hold before it shows, milliseconds. */
export const HOLD_MS = 120;
const UNKNOWN = -1;

export class MomentModel {
  /** @type {string[]} */
  #labels = [];
  #isScript = false;
  #config = 0;
  #shown = { index: UNKNOWN, sinceS: NaN };
  #coming = { index: UNKNOWN, sinceS: NaN, atMs: 0 };
  #newestS = NaN;
  #score = 0;
  #isCalibrated = true;

  /**
   * @param {ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    if (message.type === "welcome") this.#isCalibrated = message.video?.calibrated ?? true;
    else if (message.type === "configured") {
      const isSame = message.labels.join("\n") === this.#labels.join("\n");
      this.#labels = message.labels;
      this.#isScript = message.mode === "script";
      this.#config = message.config;
      if (!isSame) this.#restart();
    } else if (message.type === "label" && message.config === this.#config) {
      this.#tell(message.index, message.score, message.time_s, nowMs);
    } else if (message.type === "heatmap" && message.config === this.#config) {
      const best = surest(seen(message.heats, this.#isCalibrated));
      const score = this.#isCalibrated ? (best?.presence ?? 0) : NaN;
      this.#tell(best?.index ?? UNKNOWN, score, message.time_s, nowMs);
    }
  }

  /** @returns {Now | null} null before anything was said */
  get now() {
    if (Number.isNaN(this.#newestS)) return null;
    const { index, sinceS } = this.#shown;
    const isKnown = index >= 0 && index < this.#labels.length;
    return {
      index,
      label: isKnown ? this.#labels[index] : "unknown",
      score: this.#score,
      forS: Math.max(0, this.#newestS - sinceS),
      next: (this.#isScript && isKnown && this.#labels[index + 1]) || null,
      isKnown,
    };
  }

  /**
   * @param {number} index
   * @param {number} score
   * @param {number} timeS
   * @param {number} nowMs
   */
  #tell(index, score, timeS, nowMs) {
    const isFirst = Number.isNaN(this.#newestS);
    this.#newestS = timeS;
    if (index !== this.#coming.index || isFirst) this.#coming = { index, sinceS: timeS, atMs: nowMs };
    if (index !== this.#shown.index && (isFirst || nowMs - this.#coming.atMs >= HOLD_MS)) {
      this.#shown = { index, sinceS: this.#coming.sinceS };
    }
    if (isFirst) this.#shown.sinceS = timeS;
    if (index === this.#shown.index) this.#score = score;
  }

  #restart() {
    this.#newestS = NaN;
    this.#shown = { index: UNKNOWN, sinceS: NaN };
  }
}
