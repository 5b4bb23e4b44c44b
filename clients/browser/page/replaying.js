/**
 * A recording of a session, told again as it came, without a server. At any place the views show what
 * they had been told by then: going back forgets what was said later.
 */

import { Replay } from "../views/recorder.js";

/**
 * @typedef {import("../views/recorder.js").Entry} Entry
 * @typedef {{tell: (entry: Entry, atMs: number) => void, forget: () => void}} Ears `atMs`: when it would
 *   have been said, by `performance.now()`
 */

/** Bodies further back than this leave nothing on the screen. */
const TRAIL_MS = 3000;

export class Replaying {
  playing = false;
  #replay;
  #toldMs = 0;
  /** When 0:00 would have been. */
  #originMs = 0;

  /**
   * @param {Entry[]} entries by time
   * @param {Ears} ears
   */
  constructor(entries, ears) {
    this.ears = ears;
    this.#replay = new Replay(entries);
    this.durationMs = entries[entries.length - 1].at_ms;
  }

  get durationS() {
    return this.durationMs / 1000;
  }

  get positionS() {
    return this.#toldMs / 1000;
  }

  get hint() {
    return "A recording, shown as it was told.";
  }

  /** @param {number} [nowMs] */
  play(nowMs = performance.now()) {
    if (this.#replay.done) this.look(0, nowMs);
    this.#originMs = nowMs - this.#toldMs;
    this.playing = true;
  }

  pause() {
    this.playing = false;
  }

  /**
   * @param {number} positionS
   * @param {number} [nowMs]
   */
  look(positionS, nowMs = performance.now()) {
    this.playing = false;
    const toMs = 1000 * positionS;
    if (toMs < this.#toldMs) {
      this.#replay.seek(0);
      this.ears.forget();
    }
    this.#tell(toMs, nowMs);
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    if (!this.playing) return;
    this.#tell(Math.min(nowMs - this.#originMs, this.durationMs), nowMs);
    if (this.#replay.done) this.playing = false;
  }

  stop() {
    this.playing = false;
  }

  /**
   * @param {number} toMs of the recording
   * @param {number} nowMs
   */
  #tell(toMs, nowMs) {
    for (const entry of this.#replay.due(toMs)) {
      const agoMs = toMs - entry.at_ms;
      if (entry.message.type !== "pose" || agoMs < TRAIL_MS) this.ears.tell(entry, nowMs - agoMs);
    }
    this.#toldMs = toMs;
  }
}
