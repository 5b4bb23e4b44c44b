/**
 * The label of the moment, large; screen readers are told once it has lasted.
 */

import { MomentModel } from "./moment_model.js";

/** How long a label lasts before it is said, milliseconds. */
const SAID_MS = 700;
const LANE_COLOURS = 8;

export class Moment {
  model = new MomentModel();
  #news = false;
  #text = "";
  #sinceMs = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.classList.add("moment");
    this.label = add(host, "div", "moment__label");
    const facts = add(host, "div", "moment__facts");
    this.length = add(facts, "span", "");
    this.score = add(facts, "span", "");
    this.next = add(facts, "span", "moment__next");
    this.spoken = add(host, "p", "said");
    this.spoken.setAttribute("role", "status");
    this.#show(null);
  }

  /**
   * @param {import("../protocol.js").ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    this.model.receive(message, nowMs);
    this.#news ||= ["label", "heatmap", "configured"].includes(message.type);
  }

  /** @param {number} nowMs */
  draw(nowMs) {
    if (this.#news) this.#show(this.model.now);
    this.#news = false;
    const text = this.label.textContent ?? "";
    if (text !== this.#text) [this.#text, this.#sinceMs] = [text, nowMs];
    else if (nowMs - this.#sinceMs > SAID_MS && this.spoken.textContent !== text) {
      this.spoken.textContent = text;
    }
  }

  clear() {
    this.model = new MomentModel();
    this.#show(null);
  }

  destroy() {
    this.host.replaceChildren();
    this.host.classList.remove("moment");
  }

  /** @param {import("./moment_model.js").Now | null} now */
  #show(now) {
    set(this.label, now === null ? "Nothing yet" : now.label);
    set(this.length, now === null ? "" : `for ${now.forS.toFixed(1)} s`);
    set(this.score, now?.isKnown ? scoreText(now.score) : "");
    set(this.next, now?.next ? `next: ${now.next}` : "");
    this.host.dataset.known = now?.isKnown ? "yes" : "no";
    if (now?.isKnown) this.host.dataset.lane = String(now.index % LANE_COLOURS);
    else delete this.host.dataset.lane;
  }
}

/** @param {number} score NaN where the model is not calibrated */
function scoreText(score) {
  return Number.isNaN(score) ? "fits best, not calibrated" : `score ${score.toFixed(2)}`;
}

/**
 * @param {HTMLElement} parent
 * @param {string} tag
 * @param {string} className
 */
function add(parent, tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
