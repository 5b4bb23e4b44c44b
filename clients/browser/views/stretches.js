/**
 * Stretches of time out of single sightings: seen again within the gap, a stretch goes on. Pure.
 */

/** Stretches that are kept; the oldest go first. */
const KEPT = 1000;
const GAP_S = 0.5;

/** @typedef {{startS: number, endS: number, score: number, config: number, id: number}} Stretch
 *   `score` is the highest seen */

export class Stretches {
  /** @type {Stretch[]} by time */
  all = [];
  /** Whether the last one may still go on. */
  open = false;
  #ids = 0;

  /**
   * @param {number} timeS
   * @param {number} score 0..1
   * @param {number} config a new one begins a new stretch
   */
  seen(timeS, score, config) {
    const last = this.#cutTo(timeS);
    if (this.open && last && timeS - last.endS <= GAP_S && last.config === config) {
      last.endS = timeS;
      last.score = Math.max(last.score, score);
    } else {
      this.all.push({ startS: timeS, endS: timeS, score, config, id: this.#ids++ });
      if (this.all.length > KEPT) this.all.shift();
    }
    this.open = true;
  }

  /**
   * At that time it was not to be seen.
   * @param {number} timeS
   */
  unseen(timeS) {
    const last = this.#cutTo(timeS);
    if (last === undefined || timeS - last.endS > GAP_S) this.open = false;
  }

  /**
   * Take back what lies after `timeS`: the clock went back.
   * @param {number} timeS
   */
  #cutTo(timeS) {
    while (this.all.length && this.all[this.all.length - 1].startS > timeS) this.all.pop();
    const last = this.all[this.all.length - 1];
    if (last !== undefined) last.endS = Math.min(last.endS, timeS);
    return last;
  }
}
