/**
 * Points over time, and the few sums over them that rigs need. Pure.
 */

export class Motion {
  /**
   * @param {Float64Array} values (T, joints, 3)
   * @param {number} joints
   */
  constructor(values, joints) {
    this.values = values;
    this.joints = joints;
  }

  /** @returns {number} frames */
  get count() {
    return this.values.length / (3 * this.joints);
  }

  /**
   * @param {number} frame
   * @param {number} joint
   * @returns {number[]}
   */
  point(frame, joint) {
    const at = 3 * (frame * this.joints + joint);
    return [this.values[at], this.values[at + 1], this.values[at + 2]];
  }

  /**
   * @param {number} frame
   * @param {number} joint
   * @param {number[]} point
   */
  set(frame, joint, point) {
    this.values.set(point, 3 * (frame * this.joints + joint));
  }

  /**
   * @param {number} first frame
   * @returns {Motion} a view of the rest
   */
  from(first) {
    return new Motion(this.values.subarray(3 * this.joints * first), this.joints);
  }

  /** @param {(frame: number, at: (joint: number) => number[]) => void} visit */
  each(visit) {
    for (let frame = 0; frame < this.count; frame++) {
      visit(frame, (joint) => this.point(frame, joint));
    }
  }

  /**
   * One number or point for each frame.
   * @template V
   * @param {(at: (joint: number) => number[]) => V} measure
   * @returns {V[]}
   */
  map(measure) {
    /** @type {V[]} */
    const found = [];
    this.each((_, at) => found.push(measure(at)));
    return found;
  }

  /** @param {(point: number[]) => number[]} change of every point */
  change(change) {
    for (let at = 0; at < this.values.length; at += 3) {
      const point = [this.values[at], this.values[at + 1], this.values[at + 2]];
      this.values.set(change(point), at);
    }
  }
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
export function minus(a, b) {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
export function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** @param {number[]} vector */
export function unit(vector) {
  const length = Math.hypot(...vector) + 1e-12;
  return vector.map((value) => value / length);
}

/**
 * The point at that part of the way.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share
 */
export function part(from, to, share) {
  return from.map((value, axis) => value + share * (to[axis] - value));
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number[]} values */
export function median(values) {
  return percentile(values, 50);
}

/**
 * Between the two nearest values where it falls between them.
 * @param {number[]} values
 * @param {number} percent 0..100
 */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}
