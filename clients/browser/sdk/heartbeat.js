/** Browsers do not notice a dead link: ask when it is quiet, give it up when it stays so. */

const PERIOD_MS = 2_500;
const QUIET_MS = 8_000;
const DEAD_MS = 15_000;

export class Heartbeat {
  #heardMs = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => void} ask
   * @param {() => void} giveUp
   */
  begin(ask, giveUp) {
    this.end();
    this.heard();
    this.#timer = setInterval(() => {
      const quietMs = performance.now() - this.#heardMs;
      if (quietMs > DEAD_MS) giveUp();
      else if (quietMs > QUIET_MS) ask();
    }, PERIOD_MS);
  }

  /** Something came. */
  heard() {
    this.#heardMs = performance.now();
  }

  end() {
    clearInterval(this.#timer);
  }
}
