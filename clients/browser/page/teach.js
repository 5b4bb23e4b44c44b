/**
 * Teach by showing: seconds that were just done become an example of a name, at once. What was taught
 * stays with the page while it is open, whatever source comes next, and can be kept as a file.
 */

import { download } from "./download.js";
import { element } from "./elements.js";
import { namesOf } from "./examples.js";
import { Marking } from "./marking.js";

/**
 * @typedef {import("./app.js").Page} Page
 * @typedef {import("../sdk/session.js").Session} Session
 * @typedef {import("../protocol.js").Enrolled} Enrolled
 */

/** Of motion, that a server keeps: docs/protocol.md, `enrol`. */
const KEPT_S = 20;
/** For labels to reach the end of what was marked: they speak of the moment a look-ahead ago. */
const REACH_MS = 2000;

export class Teach {
  #pane = element("teach-pane", HTMLDetailsElement);
  #form = element("teach", HTMLFormElement);
  #name = element("teach-name", HTMLInputElement);
  #words = element("teach-words", HTMLInputElement);
  #note = element("teach-note", HTMLElement);
  #known = element("teach-known", HTMLUListElement);
  #save = element("teach-save", HTMLButtonElement);
  #picker = element("teach-file", HTMLInputElement);
  /** Content of a file of examples: all that was taught or loaded; empty for nothing. */
  content = "";

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.marking = new Marking(page.screen.timeline, (text, tone) => this.#say(text, tone));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#teach();
    });
    this.#pane.addEventListener("toggle", () => {
      if (this.#pane.open) this.#pane.scrollIntoView({ block: "nearest" });
    });
    this.#save.addEventListener("click", () => {
      download([this.content], "application/json", "liveground-examples.json");
    });
    element("teach-load", HTMLButtonElement).addEventListener("click", () => this.#picker.click());
    this.#picker.addEventListener("change", async () => {
      const [file] = this.#picker.files ?? [];
      this.#picker.value = "";
      if (file) this.load(await file.text(), file.name);
    });
  }

  /** A new session is told what is known. @param {Session} session */
  restore(session) {
    if (this.content) session.addExamples(this.content).catch((fault) => this.#lost(session, fault));
  }

  /**
   * Add the examples of a file.
   * @param {string} content
   * @param {string} file its name
   */
  async load(content, file) {
    this.#pane.open = true;
    const session = this.page.sessions.motion;
    try {
      const names = namesOf(content, file);
      const isLive = session !== undefined && !session.over;
      if (isLive) this.#tell(await session.addExamples(content));
      else if (this.content) throw new Error("Choose a source first: examples are added to those that are there by the server.");
      else this.#tell({ counts: Object.fromEntries(names), examples: content });
      const isAsked = this.page.ask.add([...names.keys()]);
      if (isAsked && isLive) this.page.ask.submit();
      const rest = isAsked ? "They are looked for." : "Write their names among the steps to look for them.";
      this.#say(`${file} added. ${rest}`);
    } catch (fault) {
      this.#say(fault instanceof Error ? fault.message : String(fault), "bad");
    }
  }

  async #teach() {
    const { page } = this;
    const [name, session] = [this.#name.value.trim().replace(/\s+/g, " "), page.sessions.motion];
    const refusal = this.#refusal(name, session);
    if (refusal || !session?.label) return this.#say(refusal, "bad");
    const { startS, endS } = this.marking.chosen(session.label.time_s);
    if (startS < session.label.time_s - KEPT_S) {
      return this.#say(`That is too long ago: the server keeps the last ${KEPT_S} s. Show it again, or mark later seconds.`, "bad");
    }
    this.#say("Being learnt…");
    await reached(session, endS);
    try {
      const lastS = Math.min(endS, session.label.time_s);
      const enrolled = await session.enrol(name, startS, lastS, this.#words.checked);
      this.#tell(enrolled);
      this.marking.drop();
      const isNew = !page.sessions.labels.includes(name);
      page.taught(enrolled);
      this.#say(taughtText(enrolled, isNew && !page.sessions.labels.includes(enrolled.name)));
    } catch (fault) {
      this.#say(fault instanceof Error ? fault.message : String(fault), "bad");
    }
  }

  /**
   * @param {string} name
   * @param {Session | undefined} session
   * @returns {string} why it cannot be done now; empty if it can
   */
  #refusal(name, session) {
    if (!name) {
      this.#name.focus();
      return "Say what the action is called.";
    }
    if (!session || session.over) return "Nothing moves here: choose a source, and mark while it runs or is held.";
    if (!session.label) return "No body has been seen yet, or nothing is looked for: examples are made of poses.";
    return "";
  }

  /** @param {Pick<Enrolled, "counts" | "examples">} enrolled */
  #tell({ counts, examples }) {
    this.content = examples;
    this.#save.disabled = false;
    this.#known.replaceChildren(
      ...Object.entries(counts).map(([name, count]) => {
        const item = document.createElement("li");
        item.textContent = count === 1 ? name : `${name} × ${count}`;
        return item;
      }),
    );
  }

  /**
   * @param {Session} session
   * @param {Error} fault
   */
  #lost(session, fault) {
    if (session.over) return;
    this.content = "";
    this.#known.replaceChildren();
    this.#save.disabled = true;
    this.#say(fault.message, "bad");
  }

  /**
   * @param {string} text
   * @param {"" | "bad"} [tone]
   */
  #say(text, tone = "") {
    this.#note.textContent = text;
    this.#note.dataset.tone = tone;
  }
}

/**
 * @param {Enrolled} enrolled
 * @param {boolean} isUnasked
 */
function taughtText({ name, seconds, counts }, isUnasked) {
  const count = counts[name] ?? 1;
  const learnt = `${name}: learnt from ${count === 1 ? "one example" : `${count} examples`}, this one of ${seconds.toFixed(1)} s.`;
  return isUnasked ? `${learnt} Write it among the steps to look for it.` : `${learnt} It is looked for.`;
}

/**
 * Wait until labels speak of a time; not for ever, as when playing is held.
 * @param {Session} session
 * @param {number} timeS
 * @returns {Promise<void>}
 */
function reached(session, timeS) {
  return new Promise((resolve) => {
    const stop = session.on("label", look);
    const timer = setTimeout(end, REACH_MS);
    look();
    function look() {
      if (session.label && session.label.time_s >= timeS) end();
    }
    function end() {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}
