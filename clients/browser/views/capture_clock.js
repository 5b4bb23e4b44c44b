/**
 * What time it is on the client's capture clock, between the frames that say so. Pure.
 */

/** Seconds for which the clock runs on by itself: longer without a frame, it stands. */
export const RUNS_ON_S = 1;

export class CaptureClock {
  /** Newest capture time, seconds; NaN before the first. */
  newestS = NaN;
  #atMs = 0;

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
    return this.newestS + Math.min(RUNS_ON_S, Math.max(0, (nowMs - this.#atMs) / 1000));
  }

  clear() {
    this.newestS = NaN;
  }
}
