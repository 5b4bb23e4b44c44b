/**
 * The stretch of time that is to be an example: the last seconds, what is done while a button is held, or
 * whatever its ends on the timeline, or the two fields, are moved to.
 */

import { element } from "./elements.js";

/** @typedef {import("../views/timeline.js").Timeline} Timeline */
/** @typedef {import("../views/timeline_marks.js").Mark} Mark */

/** About as long as what people show. */
const LAST_S = 2;

export class Marking {
  #hold = element("teach-hold", HTMLButtonElement);
  #stretch = element("teach-stretch", HTMLElement);
  #from = element("teach-from", HTMLInputElement);
  #to = element("teach-to", HTMLInputElement);
  /** Since when the button is held; NaN while it is not. */
  #heldS = NaN;

  /**
   * @param {Timeline} timeline
   * @param {(text: string, tone?: "bad") => void} say
   */
  constructor(timeline, say) {
    this.timeline = timeline;
    this.say = say;
    element("teach-mark", HTMLButtonElement).addEventListener("click", () => this.#last());
    element("teach-drop", HTMLButtonElement).addEventListener("click", () => this.drop());
    for (const field of [this.#from, this.#to]) field.addEventListener("change", () => this.#typed());
    timeline.host.addEventListener("markchange", () => this.#show());
    this.#listen();
  }

  /**
   * What is marked, or the last seconds where nothing is.
   * @param {number} newestS capture time of the newest label
   * @returns {Mark}
   */
  chosen(newestS) {
    return (this.timeline.mark ??= this.#before(newestS));
  }

  drop() {
    this.timeline.mark = null;
  }

  /** Once an animation frame: what is held grows. @param {number} nowMs */
  draw(nowMs) {
    if (Number.isNaN(this.#heldS)) return;
    const endS = this.timeline.clock.nowS(nowMs);
    if (endS > this.#heldS) this.timeline.mark = { startS: this.#heldS, endS };
  }

  #listen() {
    this.#hold.addEventListener("pointerdown", () => this.#begin());
    for (const name of ["pointerup", "pointercancel", "blur"]) {
      this.#hold.addEventListener(name, () => this.#end());
    }
    this.#hold.addEventListener("pointerdown", (event) => this.#hold.setPointerCapture(event.pointerId));
    this.#hold.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.#begin();
    });
    this.#hold.addEventListener("keyup", () => this.#end());
  }

  #begin() {
    const nowS = this.timeline.clock.nowS(performance.now());
    if (Number.isNaN(nowS)) return this.say("Nothing moves here: choose a source first.", "bad");
    this.#heldS = nowS;
    this.say("Let go when it is done.");
    this.#hold.setAttribute("aria-pressed", "true");
  }

  #end() {
    if (Number.isNaN(this.#heldS)) return;
    this.say("");
    this.draw(performance.now());
    this.#heldS = NaN;
    this.#hold.setAttribute("aria-pressed", "false");
  }

  #last() {
    const { newestS } = this.timeline.model;
    if (Number.isNaN(newestS)) return this.say("Nothing moves here: choose a source first.", "bad");
    this.timeline.mark = this.#before(newestS);
  }

  /** The last seconds there are. @param {number} newestS @returns {Mark} */
  #before(newestS) {
    return { startS: Math.max(this.timeline.model.originS, newestS - LAST_S), endS: newestS };
  }

  #typed() {
    const { originS } = this.timeline.model;
    const [startS, endS] = [this.#from, this.#to].map((field) => originS + field.valueAsNumber);
    if (startS < endS) this.timeline.mark = { startS, endS };
    else this.say("The stretch must end after it begins.", "bad");
  }

  #show() {
    const { mark, model } = this.timeline;
    this.#stretch.hidden = mark === null;
    if (!mark) return;
    this.#from.value = (mark.startS - model.originS).toFixed(1);
    this.#to.value = (mark.endS - model.originS).toFixed(1);
  }
}
