/** Poses at the times at which they are due. Timers of hidden pages are late: what is due is then caught up. */

const TICK_MS = 10;
/** Of poses that are due at once; longer sleeps are a gap, not a burst. */
const CATCH_UP_S = 1;

/**
 * @typedef {{joints: Float32Array, action?: string}} Frame
 * @typedef {(frame: Frame, timeS: number) => void} Taker
 */

export class Player {
  #next = 0;
  #originMs = performance.now();
  #firstS = this.#originMs / 1000;
  /** @type {ReturnType<typeof setInterval>} */
  #timer;

  /**
   * @param {Iterator<Frame>} frames
   * @param {number} rateHz
   * @param {Taker} take `timeS` is on the clock of `performance.now()`, or a recording's own
   * @param {{fromS?: number, ended?: () => void}} [recorded] where in a recording this begins
   */
  constructor(frames, rateHz, take, { fromS, ended = () => {} } = {}) {
    this.frames = frames;
    this.rateHz = rateHz;
    this.take = take;
    this.ended = ended;
    this.fromS = fromS;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #tick() {
    const due = ((performance.now() - this.#originMs) / 1000) * this.rateHz;
    if (due - this.#next > CATCH_UP_S * this.rateHz) {
      const sleptS = (due - this.#next) / this.rateHz;
      this.#originMs += 1000 * sleptS;
      this.#firstS += sleptS;
      return;
    }
    for (; this.#next <= due; this.#next++) {
      const { value, done } = this.frames.next();
      if (done) {
        this.stop();
        this.ended();
        return;
      }
      this.take(value, (this.fromS ?? this.#firstS) + this.#next / this.rateHz);
    }
  }
}
