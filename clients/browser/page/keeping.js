/** What a visitor takes along: exports of the timeline, recordings of a session, and their replay. */

import { PROTOCOL_VERSION } from "../protocol.js";
import { toCsv, toElan, toJson, toWebVtt } from "../views/exports.js";
import { readRecording, Recorder } from "../views/recorder.js";
import { download } from "./download.js";
import { element } from "./elements.js";
import { Replaying } from "./replaying.js";

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
  /** @type {Replaying | null} */
  #replaying = null;

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

  /** New sessions begin, and with them what is shown: so it does when a recording is shown again. */
  begun() {
    if (!this.#records) return;
    this.#recorder.sent({ type: "hello", protocol: PROTOCOL_VERSION, client: "liveground page" }, performance.now());
  }

  /**
   * Show a recording again, as it came.
   * @param {string} text
   * @param {string} name
   */
  replay(text, name) {
    const { page } = this;
    const { entries, note } = readRecording(text);
    page.leave();
    element("welcome", HTMLElement).hidden = true;
    page.picture(entries.some(({ message }) => message.type === "heatmap"));
    page.screen.badges.source(name);
    if (note) page.note.show(note, "warn");
    this.#replaying = new Replaying(entries, {
      tell: (entry, atMs) => page.screen.replayed(entry, atMs),
      forget: () => page.screen.clear(),
    });
    this.#replaying.play();
    page.scrubber.show(this.#replaying);
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    if (!this.#replaying) return;
    this.#replaying.draw(nowMs);
    const { playing, positionS, durationS } = this.#replaying;
    const text = positionS < durationS ? "recording held" : "recording ended";
    this.page.screen.badges.connection(playing ? { state: "open", transport: "replay" } : { state: "closed", text });
  }

  /** Whether what shows is a recording. */
  get replays() {
    return this.#replaying !== null;
  }

  /** Another source begins. */
  stop() {
    this.#replaying?.stop();
    this.#replaying = null;
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
    const { segments, lanes, model } = this.page.screen.timeline;
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
    download(parts, type, `liveground.${suffix}`);
  }
}
