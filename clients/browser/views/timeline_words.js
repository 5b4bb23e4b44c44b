/**
 * The timeline in words: for screen readers, and for the card of a chosen segment.
 */

import { clockText } from "./timeline_layout.js";

/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {import("./timeline_model.js").TimelineModel} TimelineModel */

/** Rows of the table: the newest ones. */
const ROWS = 50;
const REFRESH_MS = 1000;
const COLUMNS = ["Action", "From", "To", "Score", "State"];

/**
 * @param {Segment} segment
 * @param {number} originS
 * @param {number} timesRevised
 * @returns {string} one sentence
 */
export function sentence(segment, originS, timesRevised) {
  const from = clockText(segment.start_s - originS, 0.1);
  const to = clockText(segment.end_s - originS, 0.1);
  const revised = timesRevised ? `, revised ${times(timesRevised)}` : "";
  return `${segment.label}, ${from} to ${to}, ${scoreText(segment.score)}, ${segment.state}${revised}`;
}

/** @param {number} score NaN where the model is not calibrated */
function scoreText(score) {
  return Number.isNaN(score) ? "not calibrated" : `score ${score.toFixed(2)}`;
}

/** @param {number} count */
function times(count) {
  return count === 1 ? "once" : `${count} times`;
}

/**
 * @param {Segment} segment
 * @param {number} originS
 * @returns {string[]} the cells of a row
 */
export function cells(segment, originS) {
  return [
    segment.label,
    clockText(segment.start_s - originS, 0.1),
    clockText(segment.end_s - originS, 0.1),
    scoreText(segment.score).replace("score ", ""),
    segment.state,
  ];
}

/** A table that only screen readers get; refreshed once a second. */
export class TimelineTable {
  #nextMs = 0;
  #shown = "";

  /** @param {HTMLElement} host */
  constructor(host) {
    this.table = document.createElement("table");
    this.table.className = "said";
    this.table.createCaption().textContent = "Segments, newest first";
    const head = this.table.createTHead().insertRow();
    for (const name of COLUMNS) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    this.body = this.table.createTBody();
    host.append(this.table);
  }

  /**
   * @param {TimelineModel} model
   * @param {number} nowMs
   */
  refresh(model, nowMs) {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + REFRESH_MS;
    const rows = model.entries
      .slice(-ROWS)
      .reverse()
      .map(({ segment }) => cells(segment, model.originS));
    const shown = JSON.stringify(rows);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.body.replaceChildren(
      ...rows.map((row) => {
        const line = document.createElement("tr");
        for (const text of row) line.insertCell().textContent = text;
        return line;
      }),
    );
  }
}

/** What is known of the chosen segment, beside it; told to screen readers too. */
export class SegmentCard {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.card = document.createElement("div");
    this.card.className = "timeline__card";
    this.card.hidden = true;
    this.spoken = document.createElement("p");
    this.spoken.className = "said";
    this.spoken.setAttribute("role", "status");
    host.append(this.card, this.spoken);
  }

  /**
   * @param {Segment | null} segment
   * @param {TimelineModel} model
   * @param {number} revised
   */
  tell(segment, model, revised) {
    this.card.hidden = segment === null;
    if (segment === null) return;
    const lengthS = segment.end_s - segment.start_s;
    const [, from, to] = cells(segment, model.originS);
    const facts = [`${from} – ${to}`, `${lengthS.toFixed(2)} s`, scoreText(segment.score)];
    facts.push(segment.state);
    if (revised) facts.push(`revised ${times(revised)}`);
    const name = document.createElement("strong");
    name.textContent = segment.label;
    const rest = document.createElement("div");
    rest.className = "timeline__facts";
    rest.append(
      ...facts.map((fact) => Object.assign(document.createElement("span"), { textContent: fact })),
    );
    this.card.replaceChildren(name, rest);
  }

  /** @param {string} text */
  say(text) {
    this.spoken.textContent = text;
  }

  /**
   * Put the card beside a bar, inside the host.
   * @param {{x: number, y: number, width: number, height: number} | null} bar
   * @param {{width: number, height: number}} size
   */
  place(bar, size) {
    if (this.card.hidden) return;
    this.card.style.visibility = bar === null ? "hidden" : "visible";
    if (bar === null) return;
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = Math.max(8, Math.min(size.width - width - 8, Math.max(bar.x, 0)));
    const below = bar.y + bar.height + 8;
    const top = below + height <= size.height ? below : Math.max(4, bar.y - height - 8);
    this.card.style.left = `${left}px`;
    this.card.style.top = `${top}px`;
  }
}
