/** The controls of the page that are no view: sources, files, theme, heatmap choice, the token. */

import { setTheme, theme, onTheme } from "../views/theme.js";
import { element } from "./elements.js";
import { openFile } from "./files.js";
import { Keeping } from "./keeping.js";
import * as sources from "./sources.js";

/** @typedef {import("./app.js").Page} Page */

export class Tools {
  #sources = element("sources", HTMLFieldSetElement);
  #picker = element("file", HTMLInputElement);
  #notice = element("notice", HTMLElement);
  #heat = element("heat-tools", HTMLElement);
  #prompt = element("heat-prompt", HTMLSelectElement);
  #token = element("token", HTMLDialogElement);
  #name = "";
  /** @type {File | null} */
  #file = null;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.keeping = new Keeping(page);
    this.#chooseSource();
    this.#chooseFile();
    this.#chooseHeat();
    this.#chooseTheme();
    this.#enterToken();
    element("badges", HTMLElement).addEventListener("retry", () => {
      for (const session of [...page.sessions.all, page.ask.preview]) session.retry();
    });
  }

  /** Start a source by its name, as the visitor would. @param {string} name */
  begin(name) {
    const radio = this.#radio(name);
    if (!radio || name === "file") return;
    radio.checked = true;
    this.#use(name);
  }

  /** Start the same source once more. */
  again() {
    if (this.#file && this.#name === "file") this.#open(this.#file);
    else this.begin(this.#name);
  }

  /** No source runs: nothing of one is shown. */
  clear() {
    this.heat([]);
    this.notice("");
    this.keeping.stop();
  }

  /** No source runs: none is chosen. */
  none() {
    for (const radio of this.#sources.querySelectorAll("input")) radio.checked = false;
  }

  /** Whose heatmap can be shown. @param {string[]} labels none for no heatmaps */
  heat(labels) {
    this.#heat.hidden = labels.length === 0;
    const options = labels.map((label, index) => new Option(label, String(index)));
    this.#prompt.replaceChildren(new Option("the surest", "best"), ...options);
    this.page.screen.overlay.prompt = "best";
  }

  /** What whoever sees heatmaps must be told of their model. @param {string} text */
  notice(text) {
    this.#notice.textContent = text;
    this.#notice.hidden = text === "";
  }

  askToken() {
    this.page.leave();
    if (!this.#token.open) this.#token.showModal();
  }

  /** @param {string} name */
  #radio(name) {
    return [...this.#sources.querySelectorAll("input")].find((radio) => radio.value === name);
  }

  #chooseSource() {
    this.#sources.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) this.#use(event.target.value);
    });
    // Choosing the file that is chosen already opens the dialog again.
    this.#radio("file")?.addEventListener("click", () => this.#picker.click());
    element("start", HTMLButtonElement).addEventListener("click", () => this.begin("camera"));
    element("start-file", HTMLButtonElement).addEventListener("click", () => this.#picker.click());
    element("start-performer", HTMLButtonElement).addEventListener("click", () => this.begin("performer"));
  }

  /** @param {string} name */
  #use(name) {
    if (name === "file") return;
    this.#name = name;
    const { page } = this;
    const start = {
      camera: () => sources.camera(page.stage, false),
      private: () => sources.camera(page.stage, true),
      performer: () => sources.performer(page.stage),
    }[name];
    if (start) page.use(start, sources.SUGGESTIONS[name]);
  }

  #chooseFile() {
    this.#picker.addEventListener("change", () => {
      const [file] = this.#picker.files ?? [];
      this.#picker.value = "";
      if (file) this.#open(file);
    });
    const stage = element("stage", HTMLElement);
    for (const name of ["dragenter", "dragover"]) {
      document.addEventListener(name, (event) => {
        event.preventDefault();
        stage.dataset.drop = "Drop motion (.bvh, .npz), a video, a recording or examples";
      });
    }
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) delete stage.dataset.drop;
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      delete stage.dataset.drop;
      const [file] = event.dataTransfer?.files ?? [];
      if (file) this.#open(file);
    });
  }

  /** @param {File} file */
  async #open(file) {
    const { page } = this;
    try {
      const opened = await openFile(file);
      if (opened.kind === "examples") return page.teach.load(opened.text, file.name);
      this.#name = "file";
      this.#file = file;
      const radio = this.#radio("file");
      if (radio) radio.checked = true;
      if (opened.kind === "session") return this.keeping.replay(opened.text, file.name);
      if (opened.kind === "video") return page.use(() => sources.film(page.stage, file));
      await page.use(() => sources.recording(page.stage, opened.take));
      if (opened.take.warnings.length) page.note.show(opened.take.warnings.join(" "), "warn");
    } catch (fault) {
      page.note.show(fault instanceof Error ? fault.message : String(fault), "bad");
    }
  }

  #chooseHeat() {
    this.#prompt.addEventListener("change", () => {
      const { value } = this.#prompt;
      this.page.screen.overlay.prompt = value === "best" ? "best" : Number(value);
    });
    const opacity = element("heat-opacity", HTMLInputElement);
    opacity.addEventListener("input", () => (this.page.screen.overlay.opacity = Number(opacity.value)));
  }

  #chooseTheme() {
    const button = element("theme", HTMLButtonElement);
    const show = () => (button.textContent = theme() === "dark" ? "Light" : "Dark");
    button.addEventListener("click", () => setTheme(theme() === "dark" ? "light" : "dark"));
    onTheme(show);
    show();
  }

  #enterToken() {
    this.#token.addEventListener("close", () => {
      const token = element("token-text", HTMLInputElement).value.trim();
      if (this.#token.returnValue !== "ok" || !token) return;
      this.page.options.token = token;
      this.page.ask.reconnect(this.page.options);
      this.again();
    });
  }
}
