/**
 * What time it is on the client's capture clock, between the frames that say so. Pure.
 */

/** Seconds for which the clock runs on by itself: longer without a frame, it stands. */
export const RUNS_ON_S = 1;

export class CaptureClock {
  /** Newest capture time, seconds; NaN before the first. */
  newestS = NaN;
  #atMs = 0;
  #heldMs = Infinity;

  /**
   * A frame of that capture time is there.
   * @param {number} timeS
   * @param {number} nowMs
   */
  captured(timeS, nowMs) {
    this.newestS = timeS;
    this.#atMs = nowMs;
  }

  /**
   * @param {number} nowMs
   * @returns {number} seconds on the capture clock; NaN before the first frame
   */
  nowS(nowMs) {
    const passedMs = Math.min(nowMs, this.#heldMs) - this.#atMs;
    return this.newestS + Math.min(RUNS_ON_S, Math.max(0, passedMs / 1000));
  }

  /** What is played is held: the clock stands. @param {number} nowMs */
  hold(nowMs) {
    this.#heldMs = nowMs;
  }

  /** It is played on. */
  release() {
    this.#heldMs = Infinity;
  }

  clear() {
    this.newestS = NaN;
  }
}
