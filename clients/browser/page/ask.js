/** The editor of what to look for, and the steps that the server makes of it while it is written. */

import { connect } from "../sdk/connect.js";
import { element } from "./elements.js";
import { wantedOf } from "./wanted.js";

/**
 * @typedef {import("./wanted.js").Wanted} Wanted
 * @typedef {import("./wanted.js").Mode} Mode
 */

const PREVIEW_MS = 300;
const LANES = 8;

export class Ask {
  #form = element("ask", HTMLFormElement);
  #words = element("words", HTMLTextAreaElement);
  #steps = element("steps", HTMLOListElement);
  #note = element("ask-note", HTMLElement);
  #button = /** @type {HTMLButtonElement} */ (this.#form.querySelector(".button--main"));
  #inForce = "";
  #touched = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #previews = 0;
  /** What the server makes of what stands in the editor. @type {string[]} */
  #labels = [];

  /**
   * @param {string} url of the server
   * @param {import("../sdk/connect.js").ConnectOptions} options
   * @param {(wanted: Wanted) => void} apply
   * @param {(preview: import("../sdk/session.js").Session) => void} begun there is a new preview session
   */
  constructor(url, options, apply, begun) {
    this.url = url;
    this.apply = apply;
    this.begun = begun;
    this.preview = this.#connect(options);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.#form.addEventListener("input", () => {
      this.#touched = true;
      this.#changed();
    });
    this.#words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.submit();
    });
    this.#changed();
  }

  /** @param {import("../sdk/connect.js").ConnectOptions} options with another token */
  reconnect(options) {
    this.preview.close();
    this.preview = this.#connect(options);
    this.#changed();
  }

  /**
   * A session of its own: what is being written changes nothing that runs.
   * @param {import("../sdk/connect.js").ConnectOptions} options
   */
  #connect(options) {
    const session = connect(this.url, { ...options, kind: "motion", client: "liveground page, preview" });
    this.begun(session);
    return session;
  }

  /** What stands in the editor now. @returns {Wanted | null} */
  get wanted() {
    return wantedOf(this.#words.value, this.#mode);
  }

  /** @returns {Mode} */
  get #mode() {
    return new FormData(this.#form).get("mode") === "watch" ? "watch" : "script";
  }

  /**
   * Words that go well with a source, unless the visitor has written own ones.
   * @param {string} text
   * @param {Mode} mode
   */
  suggest(text, mode) {
    if (this.#touched) return;
    this.#words.value = text;
    for (const radio of this.#form.querySelectorAll("input[name=mode]")) {
      if (radio instanceof HTMLInputElement) radio.checked = radio.value === mode;
    }
    this.#changed();
  }

  /**
   * Write these too, where things are looked for at any time.
   * @param {string[]} names
   * @returns {boolean} false where steps have an order: nothing has changed
   */
  add(names) {
    if (this.#mode === "script") return false;
    const missing = names.filter((name) => !this.#labels.includes(name));
    if (missing.length) this.#write([...this.#labels, ...missing]);
    this.#changed();
    return true;
  }

  /**
   * These are looked for: the server was taught one of them.
   * @param {string[]} labels
   */
  learnt(labels) {
    this.#write(labels);
    this.taken(labels, this.#mode);
  }

  /** @param {string[]} labels a line for each: the server takes lines as they are */
  #write(labels) {
    this.#touched = true;
    this.#words.value = labels.join("\n");
  }

  submit() {
    const wanted = this.wanted;
    if (wanted) this.apply(wanted);
    else this.say("Write what to look for, in your own words.");
  }

  /** These are looked for now. @param {string[]} labels @param {Mode} mode */
  taken(labels, mode) {
    this.#show(labels, mode);
    this.#inForce = JSON.stringify(this.wanted);
    this.say("");
  }

  /** @param {string} text why not, or empty */
  say(text) {
    this.#note.textContent = text;
    this.#button.disabled = !text && this.#inForce === JSON.stringify(this.wanted);
  }

  /** Nothing is looked for: another source. */
  forget() {
    this.#inForce = "";
    this.say("");
  }

  #changed() {
    this.say("");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PREVIEW_MS);
  }

  async #ask() {
    const [wanted, mine] = [this.wanted, (this.#previews += 1)];
    if (!wanted) return this.#show([], this.#mode);
    try {
      const answer = await this.preview.configure(wanted);
      if (mine === this.#previews) this.#show(answer.labels, answer.mode);
    } catch (fault) {
      if (mine === this.#previews && fault instanceof Error) this.say(fault.message);
    }
  }

  /** @param {string[]} labels @param {Mode} mode */
  #show(labels, mode) {
    this.#labels = labels;
    this.#steps.classList.toggle("steps--ordered", mode === "script");
    this.#steps.replaceChildren(
      ...labels.map((label, index) => {
        const step = document.createElement("li");
        step.className = "steps__step";
        step.dataset.lane = String(index % LANES);
        step.textContent = label;
        return step;
      }),
    );
  }
}
