/**
 * A score over time: a ring of samples, and its highest value in each pixel of a stretch. Pure.
 */

/** Samples kept: ten minutes at 20 a second. */
export const KEPT = 12000;

export class Curve {
  #timesS = new Float64Array(256);
  #values = new Float32Array(256);
  #start = 0;
  #count = 0;

  get count() {
    return this.#count;
  }

  /**
   * Append a sample. One that goes back in time takes the place of all that lie after it.
   * @param {number} timeS
   * @param {number} value 0..1
   */
  push(timeS, value) {
    while (this.#count && this.#timesS[this.#place(this.#count - 1)] >= timeS) this.#count--;
    if (this.#count === this.#timesS.length && this.#count < KEPT) this.#widen();
    if (this.#count === this.#timesS.length) {
      this.#start = (this.#start + 1) % this.#count;
      this.#count--;
    }
    const place = this.#place(this.#count++);
    this.#timesS[place] = timeS;
    this.#values[place] = value;
  }

  /**
   * The points of a line through [fromS, toS] over `columns` pixels: at most one a pixel, the
   * highest there; NaN parts the line where samples are more than `gapS` apart.
   * @param {number} fromS
   * @param {number} toS
   * @param {number} columns
   * @param {number} gapS
   * @returns {{x: number, value: number}[]} x in columns from the left
   */
  points(fromS, toS, columns, gapS) {
    /** @type {{x: number, value: number}[]} */
    const points = [];
    const scale = columns / (toS - fromS);
    let before = NaN;
    for (let index = Math.max(0, this.#after(fromS) - 1); index < this.#count; index++) {
      const place = this.#place(index);
      const timeS = this.#timesS[place];
      const x = (timeS - fromS) * scale;
      if (timeS - before > gapS) points.push({ x, value: NaN });
      const last = points[points.length - 1];
      if (last !== undefined && Math.floor(last.x) === Math.floor(x) && !Number.isNaN(last.value)) {
        last.value = Math.max(last.value, this.#values[place]);
      } else points.push({ x, value: this.#values[place] });
      before = timeS;
      if (timeS > toS) break;
    }
    return points;
  }

  /** @param {number} index from the oldest */
  #place(index) {
    return (this.#start + index) % this.#timesS.length;
  }

  /**
   * Index of the first sample at or after a time.
   * @param {number} timeS
   */
  #after(timeS) {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timesS[this.#place(middle)] < timeS) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #widen() {
    const timesS = new Float64Array(Math.min(KEPT, 2 * this.#timesS.length));
    const values = new Float32Array(timesS.length);
    for (let index = 0; index < this.#count; index++) {
      timesS[index] = this.#timesS[this.#place(index)];
      values[index] = this.#values[this.#place(index)];
    }
    [this.#timesS, this.#values, this.#start] = [timesS, values, 0];
  }
}
