/** One line across the picture for what a person must know, with what to do about it. */

import { element } from "./elements.js";

/** @typedef {{name: string, act: () => void}} Action */

export class Note {
  #host = element("note", HTMLElement);
  #text = element("note-text", HTMLElement);
  #action = element("note-action", HTMLButtonElement);
  /** @type {() => void} */
  #act = () => {};

  constructor() {
    this.#action.addEventListener("click", () => this.#act());
    element("note-close", HTMLButtonElement).addEventListener("click", () => this.clear());
  }

  /**
   * @param {string} text
   * @param {"warn" | "bad" | "plain"} tone
   * @param {Action} [action]
   */
  show(text, tone = "plain", action) {
    this.#text.textContent = text;
    this.#host.dataset.tone = tone;
    this.#host.hidden = false;
    this.#action.hidden = action === undefined;
    this.#action.textContent = action?.name ?? "";
    this.#act = action?.act ?? (() => {});
  }

  clear() {
    this.#host.hidden = true;
  }
}
