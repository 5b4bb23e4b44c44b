/**
 * A camera that turns about a point, and what lies where in its picture. Pure.
 */

/** @typedef {[number, number, number]} Point metres, y up */
/** @typedef {{x: number, y: number, depth: number}} Spot pixels, and metres from the camera */

const NEAR_M = 0.2;
const MOST_PITCH = 1.45;
const DISTANCE_M = { least: 1.2, most: 14 };
const HOME = { yaw: 0.55, pitch: 0.2, distance: 3.9 };
/** Part of the picture's smaller side that a metre at a distance of a metre fills. */
const FOCAL = 1.55;

export class OrbitCamera {
  yaw = HOME.yaw;
  pitch = HOME.pitch;
  distance = HOME.distance;
  /** @type {Point} what it looks at */
  target = [0, 0.85, 0];

  home() {
    Object.assign(this, HOME);
  }

  /**
   * @param {number} yaw radians to the right
   * @param {number} pitch radians up
   */
  orbit(yaw, pitch) {
    this.yaw = (this.yaw + yaw) % (2 * Math.PI);
    this.pitch = Math.min(MOST_PITCH, Math.max(-0.1, this.pitch + pitch));
  }

  /** @param {number} factor above 1 goes away */
  zoomBy(factor) {
    const wanted = this.distance * factor;
    this.distance = Math.min(DISTANCE_M.most, Math.max(DISTANCE_M.least, wanted));
  }

  /**
   * Coordinates beside, above and away from the camera.
   * @param {Point} point
   * @returns {Point}
   */
  seen([x, y, z]) {
    const [tx, ty, tz] = this.target;
    const [sinYaw, cosYaw] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    const [sinPitch, cosPitch] = [Math.sin(this.pitch), Math.cos(this.pitch)];
    const beside = (x - tx) * cosYaw - (z - tz) * sinYaw;
    const toward = (x - tx) * sinYaw + (z - tz) * cosYaw;
    const above = (y - ty) * cosPitch - toward * sinPitch;
    const nearer = (y - ty) * sinPitch + toward * cosPitch;
    return [beside, above, this.distance - nearer];
  }

  /**
   * @param {Point} point
   * @param {{width: number, height: number}} size
   * @returns {Spot | null} null for what lies behind the camera
   */
  project(point, size) {
    const [beside, above, away] = this.seen(point);
    if (away < NEAR_M) return null;
    return spot([beside, above, away], size);
  }

  /**
   * A line, cut where it comes too near.
   * @param {Point} from
   * @param {Point} to
   * @param {{width: number, height: number}} size
   * @returns {[Spot, Spot] | null}
   */
  line(from, to, size) {
    const [a, b] = [this.seen(from), this.seen(to)];
    if (a[2] < NEAR_M && b[2] < NEAR_M) return null;
    return [spot(cutNear(a, b), size), spot(cutNear(b, a), size)];
  }

  /**
   * @param {number} metres
   * @param {number} depth
   * @param {{width: number, height: number}} size
   * @returns {number} pixels
   */
  pixels(metres, depth, size) {
    return (metres * focal(size)) / depth;
  }
}

/** @param {{width: number, height: number}} size */
function focal(size) {
  return FOCAL * Math.min(size.height, 1.3 * size.width);
}

/**
 * @param {Point} seen
 * @param {{width: number, height: number}} size
 * @returns {Spot}
 */
function spot([beside, above, away], size) {
  const scale = focal(size) / away;
  return { x: size.width / 2 + beside * scale, y: size.height / 2 - above * scale, depth: away };
}

/**
 * @param {Point} point
 * @param {Point} other
 * @returns {Point} `point`, or where the way to `other` passes the near plane
 */
function cutNear(point, other) {
  if (point[2] >= NEAR_M) return point;
  const part = (NEAR_M - point[2]) / (other[2] - point[2]);
  return [
    point[0] + part * (other[0] - point[0]),
    point[1] + part * (other[1] - point[1]),
    NEAR_M,
  ];
}

/** Feet lower than this under zero: the rig knows no floor. */
const NO_FLOOR_M = -0.4;

/**
 * Height of the floor. Rigs that know no place in the room have the hips at zero: there it lies
 * under the lowest joint, slow to rise.
 * @param {number} before
 * @param {number} lowest
 */
export function floorUnder(before, lowest) {
  if (before === 0 && lowest > NO_FLOOR_M) return 0;
  return lowest < before ? lowest : before + 0.02 * (lowest - before);
}
