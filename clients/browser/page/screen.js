/** The views of the page together. */

import { Badges } from "../views/badges.js";
import { HeatmapOverlay } from "../views/heatmap_overlay.js";
import { Moment } from "../views/moment.js";
import { fromMediapipe33 } from "../views/poses.js";
import { SkeletonView } from "../views/skeleton.js";
import { Timeline } from "../views/timeline.js";
import { element } from "./elements.js";

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */

export class Screen {
  timeline = new Timeline(element("timeline", HTMLElement));
  moment = new Moment(element("moment", HTMLElement));
  overlay = new HeatmapOverlay(element("overlay", HTMLElement));
  skeleton = new SkeletonView(element("skeleton", HTMLElement));
  badges = new Badges(element("badges", HTMLElement));
  #all = [this.timeline, this.moment, this.overlay, this.skeleton, this.badges];
  #held = false;
  #cursorS = NaN;

  /** Nothing was told yet. */
  clear() {
    for (const view of this.#all) view.clear();
  }

  /**
   * The label of the moment and the timeline are those of another session from now on.
   * @param {ServerMessage[]} known what it has told
   */
  turn(known) {
    for (const view of [this.timeline, this.moment]) {
      view.clear();
      for (const message of known) view.receive(message, performance.now());
    }
  }

  /**
   * @param {Float32Array} joints
   * @param {string} [skeleton]
   * @param {number} [nowMs]
   */
  pose(joints, skeleton = "smpl22", nowMs = performance.now()) {
    this.skeleton.pose(skeleton === "mediapipe33" ? fromMediapipe33(joints) : joints, nowMs);
  }

  /**
   * A message of a recording is due.
   * @param {import("../views/recorder.js").Entry} entry
   * @param {number} nowMs
   */
  replayed({ from, message }, nowMs) {
    if (from === "server") {
      const received = /** @type {ServerMessage} */ (message);
      for (const view of this.#all) view.receive(received, nowMs);
    } else if (message.type === "hello") this.clear();
    else if (message.type === "pose") {
      this.timeline.captured(message.time_s, nowMs);
      this.pose(/** @type {Float32Array} */ (message.joints), message.skeleton, nowMs);
    }
  }

  /**
   * While playing is held, what is shown stays as it is.
   * @param {boolean} held
   * @param {number} cursorS capture time of what is looked at, NaN for where playing was left
   * @param {number} nowMs
   */
  hold(held, cursorS, nowMs) {
    if (!Object.is(cursorS, this.#cursorS)) this.timeline.cursorS = this.#cursorS = cursorS;
    if (held === this.#held) return;
    this.#held = held;
    for (const { clock } of [this.timeline, this.overlay]) {
      if (held) clock.hold(nowMs);
      else clock.release();
    }
    if (!held) this.timeline.follow = true;
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    for (const view of this.#all) view.draw(nowMs);
  }
}
