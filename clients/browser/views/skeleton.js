/**
 * A body of 22 joints in perspective, on a floor, from any side. Left limbs are solid with an L,
 * right ones hollow with an R. The camera follows the pelvis.
 */

import { JOINT, JOINTS } from "./poses.js";
import { floorUnder } from "./projection.js";
import { SkeletonPainter, TRAIL_MS } from "./skeleton_paint.js";
import { Surface } from "./surface.js";

/** @typedef {import("./projection.js").Point} Point */

const HELP = "Body in 3-D. Arrow keys turn it, plus and minus zoom, zero goes back.";
const HALF_LIFE_MS = 220;
const STILL_MS = 3000;

export class SkeletonView {
  /** @type {Point[] | null} */
  #joints = null;
  /** @type {{point: Point, atMs: number}[]} */
  #trail = [];
  #drawnMs = 0;
  #movesUntilMs = 0;
  #stop = new AbortController();

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.classList.add("skeleton");
    this.surface = new Surface(host, "skeleton__canvas");
    this.painter = new SkeletonPainter(this.surface);
    this.#listen(this.surface.canvas);
  }

  /**
   * The view shows poses, which the page sends: messages of the server say nothing to it.
   * @param {import("../protocol.js").ServerMessage} _message
   * @param {number} _nowMs
   */
  receive(_message, _nowMs) {}

  /**
   * @param {Float32Array | ArrayLike<ArrayLike<number>>} joints 22 canonical joints, metres
   * @param {number} nowMs
   */
  pose(joints, nowMs) {
    this.#joints = points(joints);
    this.painter.floor = floorUnder(this.painter.floor, Math.min(...this.#joints.map((point) => point[1])));
    const [x, , z] = this.#joints[JOINT.pelvis];
    if (this.#trail.length === 0) this.painter.camera.target = [x, this.painter.floor + 0.85, z];
    this.#trail.push({ point: [x, this.painter.floor, z], atMs: nowMs });
    while (nowMs - this.#trail[0].atMs > TRAIL_MS) this.#trail.shift();
    this.#movesUntilMs = nowMs + STILL_MS;
  }

  /** @param {number} nowMs */
  draw(nowMs) {
    const isMoving = nowMs < this.#movesUntilMs;
    if (!this.surface.prepare() || !(isMoving || this.surface.stale)) return;
    this.#follow(Math.min(100, nowMs - this.#drawnMs));
    this.#drawnMs = nowMs;
    this.surface.begin();
    this.painter.grid();
    if (this.#joints === null) return this.painter.say("No body yet");
    this.painter.path(this.#trail, nowMs);
    this.painter.shadow(this.#joints);
    this.painter.body(this.#joints);
  }

  /**
   * @param {number} yaw radians to the right
   * @param {number} pitch radians up
   */
  orbit(yaw, pitch) {
    this.painter.camera.orbit(yaw, pitch);
    this.surface.stale = true;
  }

  /** @param {number} factor above 1 goes away */
  zoomBy(factor) {
    this.painter.camera.zoomBy(factor);
    this.surface.stale = true;
  }

  home() {
    this.painter.camera.home();
    this.surface.stale = true;
  }

  clear() {
    this.#joints = null;
    this.#trail = [];
    this.painter.floor = 0;
    this.surface.stale = true;
  }

  destroy() {
    this.#stop.abort();
    this.surface.destroy();
    this.host.classList.remove("skeleton");
  }

  /** @param {number} passedMs */
  #follow(passedMs) {
    if (this.#joints === null) return;
    const [x, , z] = this.#joints[JOINT.pelvis];
    const part = 1 - 0.5 ** (passedMs / HALF_LIFE_MS);
    const [tx, ty, tz] = this.painter.camera.target;
    const y = this.painter.floor + 0.85;
    this.painter.camera.target = [tx + part * (x - tx), ty + part * (y - ty), tz + part * (z - tz)];
  }

  /** @param {HTMLCanvasElement} canvas */
  #listen(canvas) {
    const { signal } = this.#stop;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", HELP);
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId), {
      signal,
    });
    /** @param {PointerEvent} event */
    const turn = (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      this.orbit(-0.008 * event.movementX, 0.006 * event.movementY);
    };
    canvas.addEventListener("pointermove", turn, { signal });
    /** @param {WheelEvent} event */
    const zoom = (event) => {
      const page = document.scrollingElement;
      if (!event.ctrlKey && page && page.scrollHeight > page.clientHeight + 1) return;
      event.preventDefault();
      this.zoomBy(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.003));
    };
    canvas.addEventListener("wheel", zoom, { signal, passive: false });
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const action = this.#keys[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      action();
      event.preventDefault();
    };
    canvas.addEventListener("keydown", press, { signal });
  }

  /** @type {Record<string, (() => void) | undefined>} */
  #keys = {
    ArrowLeft: () => this.orbit(-0.12, 0),
    ArrowRight: () => this.orbit(0.12, 0),
    ArrowUp: () => this.orbit(0, 0.08),
    ArrowDown: () => this.orbit(0, -0.08),
    "+": () => this.zoomBy(0.88),
    "=": () => this.zoomBy(0.88),
    "-": () => this.zoomBy(1.14),
    0: () => this.home(),
  };
}

/**
 * @param {Float32Array | ArrayLike<ArrayLike<number>>} joints
 * @returns {Point[]}
 */
function points(joints) {
  const at = (/** @type {number} */ joint, /** @type {number} */ axis) =>
    joints instanceof Float32Array ? joints[3 * joint + axis] : joints[joint][axis];
  return JOINTS.map((_, joint) => [at(joint, 0), at(joint, 1), at(joint, 2)]);
}
