/** What a visitor takes along: exports of the timeline, recordings of a session, and their replay. */

import { toCsv, toElan, toJson, toWebVtt } from "../views/exports.js";
import { readRecording, Recorder, Replay } from "../views/recorder.js";
import { element } from "./elements.js";

/** @typedef {import("./app.js").Page} Page */

/** @type {Record<string, {type: string, write: (session: import("../views/exports.js").Session) => string}>} */
const FORMATS = {
  json: { type: "application/json", write: toJson },
  csv: { type: "text/csv", write: toCsv },
  vtt: { type: "text/vtt", write: toWebVtt },
  eaf: { type: "application/xml", write: toElan },
};

export class Keeping {
  #button = element("record", HTMLButtonElement);
  #menu = element("export", HTMLDetailsElement);
  #recorder = new Recorder();
  #records = false;
  /** @type {Replay | null} */
  #replay = null;
  #beganMs = 0;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.#button.addEventListener("click", () => this.#toggle());
    this.#menu.addEventListener("click", (event) => {
      const format = event.target instanceof HTMLElement ? event.target.dataset.export : undefined;
      if (format) this.#save(format);
    });
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Node && this.#menu.contains(event.target))) this.#menu.open = false;
    });
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#menu.open = false;
      this.#menu.querySelector("summary")?.focus();
    });
  }

  /**
   * @param {import("../protocol.js").ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    if (!this.#records) return;
    this.#recorder.receive(message, nowMs);
    if (!this.#recorder.full) return;
    this.#toggle();
    this.page.note.show("The recording is as long as a browser can hold: it was saved and has ended.", "warn");
  }

  /**
   * @param {import("../protocol.js").Pose | import("../protocol.js").Image} frame
   * @param {number} nowMs
   */
  sent(frame, nowMs) {
    if (this.#records && frame.type === "pose") this.#recorder.sent(frame, nowMs);
  }

  /**
   * Show a recording again, as it came.
   * @param {string} text
   * @param {string} name
   */
  replay(text, name) {
    const { entries } = readRecording(text);
    this.page.leave();
    element("welcome", HTMLElement).hidden = true;
    this.page.picture(entries.some(({ message }) => message.type === "heatmap"));
    this.page.badges.source(name);
    this.page.badges.connection({ state: "open", transport: "replay" });
    this.#replay = new Replay(entries);
    this.#beganMs = performance.now();
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    if (!this.#replay) return;
    for (const entry of this.#replay.due(nowMs - this.#beganMs)) this.page.replayed(entry, nowMs);
    if (!this.#replay.done) return;
    this.page.badges.connection({ state: "closed", text: "recording ended" });
  }

  /** Whether what shows is a recording. */
  get replays() {
    return this.#replay !== null;
  }

  /** Another source begins. */
  stop() {
    this.#replay = null;
  }

  #toggle() {
    this.#records = !this.#records;
    this.#button.setAttribute("aria-pressed", String(this.#records));
    this.#button.textContent = this.#records ? "Stop recording" : "Record";
    if (!this.#records) return this.#save("recording");
    this.#recorder.clear();
    const { known } = this.page;
    for (const message of known) this.#recorder.receive(message, performance.now());
  }

  /** @param {string} format */
  #save(format) {
    this.#menu.open = false;
    if (format === "recording") return this.#download(this.#recorder.lines, "application/jsonl", "jsonl");
    const { segments, lanes, model } = this.page.timeline;
    const { type, write } = FORMATS[format];
    const session = { segments, lanes, originS: model.originS, dateIso: new Date().toISOString() };
    this.#download([write(session)], type, format);
  }

  /**
   * @param {string[]} parts
   * @param {string} type
   * @param {string} suffix
   */
  #download(parts, type, suffix) {
    if (parts.length === 0) return this.page.note.show("Nothing is recorded yet: press Record first.", "plain");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = `liveground-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${suffix}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
