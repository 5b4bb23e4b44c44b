/**
 * Pointer, wheel and keyboard of the timeline.
 *
 * Keys: left and right move through time (with shift by a whole view), + and - zoom, comma and
 * full stop choose the segment before or after, up and down scroll the lanes, f shows all, Home
 * goes to the beginning, End to the present, Escape chooses none.
 */

import { columns } from "./timeline_layout.js";
import { endAt, timeAt, withEnd } from "./timeline_marks.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

const CLICK_PX = 4;
const LINE_PX = 16;
/** By which one may miss an end of the mark: a finger's width about it. */
const GRIP_PX = 14;
const HELP =
  "Timeline. Left and right move, plus and minus zoom, comma and full stop choose segments, " +
  "F shows all, End goes to now.";

export class TimelineControls {
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #travelled = 0;
  /** @type {import("./timeline_marks.js").End | null} the end of the mark that is being dragged */
  #grip = null;
  #stop = new AbortController();

  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    const { canvas } = timeline.surface;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", HELP);
    const { signal } = this.#stop;
    canvas.addEventListener("pointerdown", this.#down, { signal });
    canvas.addEventListener("pointermove", this.#move, { signal });
    canvas.addEventListener("pointerup", this.#up, { signal });
    canvas.addEventListener("pointercancel", this.#cancel, { signal });
    canvas.addEventListener("wheel", this.#wheel, { signal, passive: false });
    canvas.addEventListener("keydown", this.#key, { signal });
  }

  destroy() {
    this.#stop.abort();
  }

  /** @returns {number} seconds a pixel */
  get #scale() {
    const { plotWidth } = this.#columns;
    return this.timeline.window.spanS / plotWidth;
  }

  get #columns() {
    return columns({ ...this.timeline.size, rem: this.timeline.surface.look.rem });
  }

  /** @param {number} x */
  #part(x) {
    const { plotX, plotWidth } = this.#columns;
    return Math.min(1, Math.max(0, (x - plotX) / plotWidth));
  }

  /** @param {PointerEvent} event */
  #down = (event) => {
    this.#pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.#travelled = 0;
    const { layout, mark } = this.timeline;
    this.#grip = layout && endAt(layout, mark, event.offsetX, GRIP_PX);
    this.timeline.surface.canvas.setPointerCapture(event.pointerId);
  };

  /** @param {PointerEvent} event */
  #move = (event) => {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const [x, y] = [event.offsetX, event.offsetY];
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#travelled += Math.abs(x - before.x) + Math.abs(y - before.y);
    this.#pointers.set(event.pointerId, { x, y });
    if (this.#grip) this.#drag(this.#grip, x);
    else if (other) {
      const apart = Math.max(8, Math.abs(x - other.x));
      const factor = Math.max(8, Math.abs(before.x - other.x)) / apart;
      this.timeline.zoomBy(factor, this.#part((x + other.x) / 2));
    } else if (this.#travelled > CLICK_PX) {
      if (x !== before.x) this.timeline.panBy((before.x - x) * this.#scale);
      this.timeline.scrollBy(before.y - y);
    }
  };

  /**
   * @param {import("./timeline_marks.js").End} end
   * @param {number} x
   */
  #drag(end, x) {
    const { layout, mark } = this.timeline;
    if (layout && mark) this.timeline.mark = withEnd(mark, end, timeAt(layout, x));
  }

  /** @param {PointerEvent} event */
  #up = (event) => {
    const isClick = !this.#grip && this.#pointers.size === 1 && this.#travelled <= CLICK_PX;
    this.#cancel(event);
    if (isClick) this.timeline.selectAt(event.offsetX, event.offsetY);
  };

  /** @param {PointerEvent} event */
  #cancel = (event) => {
    this.#pointers.delete(event.pointerId);
  };

  /** @param {WheelEvent} event */
  #wheel = (event) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const across = (event.shiftKey ? event.deltaY : event.deltaX) * unit;
    const down = event.shiftKey ? 0 : event.deltaY * unit;
    if (Math.abs(across) > Math.abs(down)) this.timeline.panBy(across * this.#scale);
    else if (event.ctrlKey || event.metaKey) this.#zoom(down, event.offsetX);
    else if (this.timeline.layout?.overflow) this.timeline.scrollBy(down);
    else if (pageScrolls()) return;
    else this.#zoom(down, event.offsetX);
    event.preventDefault();
  };

  /**
   * @param {number} down
   * @param {number} x
   */
  #zoom(down, x) {
    const part = this.timeline.follow ? 1 : this.#part(x);
    this.timeline.zoomBy(Math.exp(Math.max(-60, Math.min(60, down)) * 0.004), part);
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.#actions(event)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined) return;
    action();
    event.preventDefault();
  };

  /**
   * @param {KeyboardEvent} event
   * @returns {Record<string, (() => void) | undefined>}
   */
  #actions(event) {
    const { timeline } = this;
    const step = timeline.window.spanS * (event.shiftKey ? 0.9 : 0.1);
    const part = timeline.follow ? 1 : 0.5;
    return {
      ArrowLeft: () => timeline.panBy(-step),
      ArrowRight: () => timeline.panBy(step),
      ArrowUp: () => timeline.scrollBy(-LINE_PX),
      ArrowDown: () => timeline.scrollBy(LINE_PX),
      "+": () => timeline.zoomBy(0.8, part),
      "=": () => timeline.zoomBy(0.8, part),
      "-": () => timeline.zoomBy(1.25, part),
      ",": () => timeline.selectBeside(-1),
      ".": () => timeline.selectBeside(1),
      f: () => timeline.fit(),
      Home: () => timeline.toBeginning(),
      End: () => {
        timeline.follow = true;
      },
      Escape: () => timeline.select(null),
    };
  }
}

function pageScrolls() {
  const page = document.scrollingElement;
  return page !== null && page.scrollHeight > page.clientHeight + 1;
}
