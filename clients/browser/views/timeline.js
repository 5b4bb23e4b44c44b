/**
 * The timeline: a lane for each step or prompt, segments that grow live, scores under them.
 * What lies where is worked out by `timeline_layout.js`; this listens and draws.
 */

import { CaptureClock, RUNS_ON_S } from "./capture_clock.js";
import { Surface } from "./surface.js";
import { TimelineControls } from "./timeline_controls.js";
import { TimeWindow, barAt, layOut } from "./timeline_layout.js";
import { REVISION_MS, TimelineModel } from "./timeline_model.js";
import { paintMarks } from "./timeline_marks.js";
import { TimelinePainter } from "./timeline_paint.js";
import { SegmentCard, TimelineTable, sentence } from "./timeline_words.js";

/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */

const REACH_PX = 5;

export class Timeline {
  model = new TimelineModel();
  window = new TimeWindow();
  clock = new CaptureClock();
  /** Pixels by which the lanes are scrolled down. */
  scrollPx = 0;
  /** @type {import("./timeline_layout.js").Layout | null} */
  layout = null;
  /** @type {import("./timeline_marks.js").Mark | null} a stretch that the visitor marked */
  #mark = null;
  /** Capture time of what is looked at while playing is held; NaN for none. */
  #cursorS = NaN;
  /** @type {string | null} */
  #selected = null;
  #movesUntilMs = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.classList.add("timeline");
    this.surface = new Surface(host, "timeline__canvas");
    this.painter = new TimelinePainter(this.surface);
    this.table = new TimelineTable(host);
    this.card = new SegmentCard(host);
    this.live = liveButton(() => (this.follow = true));
    host.append(this.live);
    this.controls = new TimelineControls(this);
  }

  /**
   * @param {ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    if (!this.model.receive(message, nowMs)) return;
    if (message.type === "label" || message.type === "heatmap") {
      const capturedS = message.time_s + message.age_ms / 1000;
      if (!(this.clock.newestS >= message.time_s)) this.captured(capturedS, nowMs);
    }
    if (message.type === "segment") {
      this.#movesUntilMs = nowMs + REVISION_MS;
      if (this.#selected === this.model.store.keyOf(message)) this.#tell();
    }
    this.surface.stale = true;
  }

  /**
   * A frame of that capture time was sent.
   * @param {number} timeS
   * @param {number} nowMs
   */
  captured(timeS, nowMs) {
    this.model.seenFrom(timeS);
    this.clock.captured(timeS, nowMs);
    this.#movesUntilMs = Math.max(this.#movesUntilMs, nowMs + 1000 * RUNS_ON_S);
  }

  /** @param {number} nowMs */
  draw(nowMs) {
    this.table.refresh(this.model, nowMs);
    const moves = nowMs < this.#movesUntilMs;
    if (!this.surface.prepare() || !(moves || this.surface.stale)) return;
    const nowS = this.clock.nowS(nowMs);
    const range = this.window.range(this.model.originS, nowS);
    const size = { ...this.size, rem: this.surface.look.rem };
    this.layout = layOut(this.model, range, nowS, size, this.scrollPx);
    this.painter.paint(this.layout, this.model, { selected: this.#selected, nowMs });
    paintMarks(this.surface, this.layout, this.#mark, this.#cursorS);
    const chosen = this.layout.bars.find((bar) => bar.key === this.#selected);
    this.card.place(chosen ?? null, size);
  }

  clear() {
    this.model = new TimelineModel();
    this.clock.clear();
    this.select(null);
    this.mark = null;
    this.follow = true;
    this.surface.stale = true;
  }

  destroy() {
    this.controls.destroy();
    this.surface.destroy();
    this.host.replaceChildren();
    this.host.classList.remove("timeline");
  }

  get size() {
    return { width: this.surface.width, height: this.surface.height };
  }

  /** @returns {Segment[]} those that stand, oldest first */
  get segments() {
    return this.model.entries.map((entry) => entry.segment);
  }

  /** @returns {string[]} texts of the lanes, in order: those in force, then earlier ones */
  get lanes() {
    const lanes = this.model.lanes(-Infinity, Infinity);
    return lanes.filter((lane) => lane.kind !== "unknown").map((lane) => lane.label);
  }

  get follow() {
    return this.window.follow;
  }

  /** Whether the right end moves along with the present. */
  set follow(value) {
    if (value !== this.window.follow) {
      this.window.follow = value;
      this.#followed();
    }
  }

  get mark() {
    return this.#mark;
  }

  /** A marked stretch; its ends can be dragged, and `markchange` on the host tells of every change. */
  set mark(mark) {
    this.#mark = mark;
    this.surface.stale = true;
    this.host.dispatchEvent(new CustomEvent("markchange", { detail: mark }));
  }

  /** @param {number} timeS NaN for none */
  set cursorS(timeS) {
    this.#cursorS = timeS;
    this.surface.stale = true;
    if (!Number.isNaN(timeS)) this.#moved(() => this.window.reveal(timeS, timeS));
  }

  /** @param {number} seconds to the future, negative to the past */
  panBy(seconds) {
    this.#moved(() => this.window.panBy(seconds));
  }

  /** Go to the beginning. */
  toBeginning() {
    const { originS } = this.model;
    if (Number.isFinite(originS)) this.#moved(() => this.window.goTo(originS));
  }

  /**
   * @param {number} factor above 1 shows more time
   * @param {number} [part] of the width that stays where it is; the right end when left out
   */
  zoomBy(factor, part = 1) {
    this.#moved(() => this.window.zoomBy(factor, part));
  }

  /** Show all from the beginning to now. */
  fit() {
    const toS = Math.max(this.model.newestS || 0, this.clock.newestS || 0);
    if (Number.isFinite(this.model.originS)) {
      this.#moved(() => this.window.show(this.model.originS, toS));
    }
  }

  /**
   * Choose a segment by its key and show it.
   * @param {string | null} key
   */
  select(key) {
    if (key === this.#selected) return;
    this.#selected = key;
    const segment = this.#tell();
    if (segment) this.#moved(() => this.window.reveal(segment.start_s, segment.end_s));
    this.surface.stale = true;
    this.host.dispatchEvent(new CustomEvent("segmentselect", { detail: segment }));
  }

  /** @param {number} by 1 for the next one, -1 for the one before */
  selectBeside(by) {
    const { entries } = this.model;
    const at = entries.findIndex((entry) => entry.key === this.#selected);
    const next = at < 0 ? (by > 0 ? 0 : entries.length - 1) : at + by;
    if (entries[next]) this.select(entries[next].key);
  }

  /**
   * Choose what lies under a point of the canvas, or nothing.
   * @param {number} x
   * @param {number} y
   */
  selectAt(x, y) {
    const bar = this.layout && barAt(this.layout, x, y, REACH_PX);
    this.select(bar?.key ?? null);
  }

  /** @param {number} pixels */
  scrollBy(pixels) {
    const most = this.layout?.overflow ?? 0;
    this.scrollPx = Math.min(most, Math.max(0, this.scrollPx + pixels));
    this.surface.stale = true;
  }

  /** @returns {Segment | null} the chosen one, told anew */
  #tell() {
    const key = this.#selected;
    const segment = this.model.entries.find((entry) => entry.key === key)?.segment ?? null;
    const revised = (key !== null && this.model.timesRevised.get(key)) || 0;
    this.card.tell(segment, this.model, revised);
    this.card.say(segment ? sentence(segment, this.model.originS, revised) : "");
    return segment;
  }

  /** @param {() => void} move */
  #moved(move) {
    const before = this.window.follow;
    move();
    this.surface.stale = true;
    if (before !== this.window.follow) this.#followed();
  }

  #followed() {
    this.live.hidden = this.window.follow;
    this.surface.stale = true;
    this.host.dispatchEvent(new CustomEvent("followchange", { detail: this.window.follow }));
  }
}

/** @param {() => void} follow */
function liveButton(follow) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small button--main timeline__live";
  button.textContent = "Back to now";
  button.hidden = true;
  button.addEventListener("click", follow);
  return button;
}
