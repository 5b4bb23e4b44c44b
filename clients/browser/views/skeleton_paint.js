/**
 * Draws a body of 22 joints and the floor under it, as an orbiting camera sees them.
 */

import { JOINT, PARENTS } from "./poses.js";
import { OrbitCamera } from "./projection.js";

/** @typedef {import("./projection.js").Point} Point */
/** @typedef {import("./projection.js").Spot} Spot */

const GRID_M = 0.5;
const GRID_REACH = 8;
export const TRAIL_MS = 6000;
const LIMB_M = 0.07;
const TRUNK_M = 0.085;
const HEAD_M = 0.105;
const MARKED = /** @type {const} */ (["left_wrist", "right_wrist", "left_foot", "right_foot"]);
/** What is drawn in one line, joint by joint.
 * @type {{side: "left" | "right" | "trunk", names: (keyof typeof JOINT)[]}[]} */
const CHAINS = [
  { side: "trunk", names: ["pelvis", "spine1", "spine2", "spine3", "neck", "head"] },
  { side: "left", names: ["pelvis", "left_hip", "left_knee", "left_ankle", "left_foot"] },
  { side: "right", names: ["pelvis", "right_hip", "right_knee", "right_ankle", "right_foot"] },
  { side: "left", names: ["left_collar", "left_shoulder", "left_elbow", "left_wrist"] },
  { side: "right", names: ["right_collar", "right_shoulder", "right_elbow", "right_wrist"] },
];

export class SkeletonPainter {
  camera = new OrbitCamera();
  /** Height of the floor, metres. */
  floor = 0;

  /** @param {import("./surface.js").Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  grid() {
    const { context } = this.surface;
    const [tx, , tz] = this.camera.target;
    const [cx, cz] = [Math.round(tx / GRID_M), Math.round(tz / GRID_M)];
    const reach = GRID_REACH * GRID_M;
    const { colours } = this.surface.look;
    for (let n = -GRID_REACH; n <= GRID_REACH; n++) {
      const fade = 1 - Math.abs(n) / (GRID_REACH + 1);
      const isMetre = (c = 0) => (c + n) % 2 === 0;
      const [x, z] = [(cx + n) * GRID_M, (cz + n) * GRID_M];
      context.globalAlpha = fade;
      context.lineWidth = 1;
      context.strokeStyle = colours[isMetre(cx) ? "line-strong" : "line"];
      context.globalAlpha = fade * (isMetre(cx) ? 0.5 : 0.9);
      this.#stroke([x, this.floor, tz - reach], [x, this.floor, tz + reach]);
      context.strokeStyle = colours[isMetre(cz) ? "line-strong" : "line"];
      context.globalAlpha = fade * (isMetre(cz) ? 0.5 : 0.9);
      this.#stroke([tx - reach, this.floor, z], [tx + reach, this.floor, z]);
    }
    context.globalAlpha = 1;
  }

  /**
   * @param {{point: Point, atMs: number}[]} trail
   * @param {number} nowMs
   */
  path(trail, nowMs) {
    const { context } = this.surface;
    context.strokeStyle = this.surface.look.colours.signal;
    context.lineWidth = 1.5;
    for (let at = 1; at < trail.length; at++) {
      context.globalAlpha = Math.max(0, 1 - (nowMs - trail[at].atMs) / TRAIL_MS);
      this.#stroke(trail[at - 1].point, trail[at].point);
    }
    context.globalAlpha = 1;
  }

  /** @param {Point[]} joints */
  shadow(joints) {
    const { context } = this.surface;
    const flat = joints.map(([x, , z]) => /** @type {Point} */ ([x, this.floor, z]));
    context.beginPath();
    PARENTS.forEach((parent, joint) => {
      const line = parent < 0 ? null : this.camera.line(flat[parent], flat[joint], this.surface);
      if (line === null) return;
      context.moveTo(line[0].x, line[0].y);
      context.lineTo(line[1].x, line[1].y);
    });
    context.strokeStyle = this.surface.look.colours["line-strong"];
    context.lineWidth = this.camera.pixels(LIMB_M, this.camera.distance, this.surface);
    context.lineCap = "round";
    context.lineJoin = "round";
    context.globalAlpha = 0.25;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** @param {Point[]} joints */
  body(joints) {
    const spots = joints.map((point) => this.camera.project(point, this.surface));
    const chains = CHAINS.flatMap(({ side, names }) => {
      const way = names.map((name) => spots[JOINT[name]]);
      if (!way.every((spot) => spot !== null)) return [];
      return [{ side, way, depth: way.reduce((sum, spot) => sum + spot.depth, 0) / way.length }];
    });
    chains.sort((a, b) => b.depth - a.depth);
    for (const { side, way, depth } of chains) this.#chain(side, way, depth);
    for (const name of MARKED) this.#letter(name, spots);
  }

  /**
   * @param {"left" | "right" | "trunk"} side
   * @param {Spot[]} way
   * @param {number} depth
   */
  #chain(side, way, depth) {
    const { context } = this.surface;
    const { colours } = this.surface.look;
    const thick = this.camera.pixels(side === "trunk" ? TRUNK_M : LIMB_M, depth, this.surface);
    context.lineCap = "round";
    context.lineJoin = "round";
    context.beginPath();
    way.forEach(({ x, y }) => context.lineTo(x, y));
    /** @type {(colour: string, width: number) => void} */
    const stroke = (colour, width) => {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    };
    stroke(colours.pane, thick + 3);
    stroke(colours[`limb-${side}`], thick);
    if (side === "right") stroke(colours.pane, 0.45 * thick);
    if (side === "trunk") this.#head(way[way.length - 1]);
  }

  /** @param {Spot} spot */
  #head(spot) {
    const { context } = this.surface;
    const { colours } = this.surface.look;
    const radius = this.camera.pixels(HEAD_M, spot.depth, this.surface);
    context.beginPath();
    context.arc(spot.x, spot.y - 0.35 * radius, radius, 0, 2 * Math.PI);
    context.strokeStyle = colours.pane;
    context.lineWidth = 3;
    context.stroke();
    context.fillStyle = colours["limb-trunk"];
    context.fill();
  }

  /**
   * @param {typeof MARKED[number]} name
   * @param {(Spot | null)[]} spots
   */
  #letter(name, spots) {
    const { context } = this.surface;
    const [spot, before] = [spots[JOINT[name]], spots[PARENTS[JOINT[name]]]];
    if (!spot || !before) return;
    const { rem, sans, colours } = this.surface.look;
    const letter = name.startsWith("left") ? "L" : "R";
    context.font = `600 ${0.75 * rem}px ${sans}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const length = Math.hypot(spot.x - before.x, spot.y - before.y) || 1;
    const apart = 1.05 * rem;
    const x = spot.x + ((spot.x - before.x) / length) * apart;
    const y = spot.y + ((spot.y - before.y) / length) * apart;
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = colours.pane;
    context.strokeText(letter, x, y);
    context.fillStyle = colours[letter === "L" ? "limb-left" : "limb-right"];
    context.fillText(letter, x, y);
  }

  /**
   * @param {Point} from
   * @param {Point} to
   */
  #stroke(from, to) {
    const { context } = this.surface;
    const line = this.camera.line(from, to, this.surface);
    if (line === null) return;
    context.beginPath();
    context.moveTo(line[0].x, line[0].y);
    context.lineTo(line[1].x, line[1].y);
    context.stroke();
  }

  /** @param {string} text */
  say(text) {
    const { context } = this.surface;
    const { rem, sans, colours } = this.surface.look;
    context.font = `${0.9375 * rem}px ${sans}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = colours["ink-soft"];
    context.fillText(text, this.surface.width / 2, 0.42 * this.surface.height);
  }
}
