/**
 * State of the connection and its figures: ages, rates, drops with reasons.
 */

import { Meter } from "./meter.js";

/** @typedef {"idle" | "connecting" | "open" | "retrying" | "closed" | "failed"} ConnectionState */
/** @typedef {{state: ConnectionState, transport?: "webrtc" | "websocket" | "replay",
 *   retryInS?: number, text?: string}} Connection */
/** @typedef {{name: string, title: string, text: string, tone: "" | "warn" | "bad"}} Badge */

const REFRESH_MS = 500;
const TRANSPORTS = { webrtc: "WebRTC", websocket: "WebSocket", replay: "replay" };
const STATES = {
  idle: "not connected",
  connecting: "connecting",
  open: "connected",
  retrying: "connection lost",
  closed: "ended",
  failed: "failed",
};
const REASONS = new Map([
  ["late", "came late"],
  ["duplicate", "twice"],
  ["rate", "too many a second"],
  ["busy", "server busy"],
  ["cut", "cut off"],
]);

export class Badges {
  meter = new Meter();
  #nextMs = 0;
  #source = "";
  /** Whether frames are of now, so that they have an age. */
  live = true;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.row = document.createElement("div");
    this.row.className = "badges";
    this.state = document.createElement("div");
    this.state.className = "badges__state";
    this.state.setAttribute("role", "status");
    this.retry = document.createElement("button");
    this.retry.type = "button";
    this.retry.className = "button button--outlined button--small";
    this.retry.textContent = "Try now";
    this.retry.addEventListener("click", () => host.dispatchEvent(new CustomEvent("retry")));
    this.list = document.createElement("dl");
    this.list.className = "badges";
    this.row.append(this.state, this.retry, this.list);
    host.append(this.row);
    this.connection({ state: "idle" });
  }

  /**
   * @param {import("../protocol.js").ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    this.meter.receive(message, nowMs);
  }

  /**
   * A frame was sent.
   * @param {number} nowMs
   * @param {number} [bytes]
   * @param {number} [seq] its number, to measure when it is answered
   */
  sent(nowMs, bytes, seq) {
    this.meter.sent(nowMs, bytes, seq);
  }

  /** @param {Connection} connection */
  connection(connection) {
    const text = connectionText(connection);
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.dataset.state = connection.state;
    this.retry.hidden = connection.state !== "retrying";
  }

  /** @param {string} text what the frames come from; empty for none */
  source(text) {
    this.#source = text;
    this.#nextMs = 0;
  }

  /** @param {number} nowMs */
  draw(nowMs) {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + REFRESH_MS;
    const badges = badgesOf(this.meter, nowMs).filter(({ name }) => this.live || name !== "age");
    if (this.#source) {
      badges.unshift({ name: "source", title: "", text: this.#source, tone: "" });
    }
    while (this.list.children.length > badges.length) this.list.lastElementChild?.remove();
    badges.forEach((badge, place) => show(this.list, place, badge));
  }

  clear() {
    this.meter = new Meter();
    this.#nextMs = 0;
  }

  destroy() {
    this.row.remove();
  }
}

/**
 * @param {Connection} connection
 * @returns {string}
 */
export function connectionText(connection) {
  const parts = [connection.text ?? STATES[connection.state]];
  if (connection.state === "open" && connection.transport) {
    parts.push(`over ${TRANSPORTS[connection.transport]}`);
  }
  if (connection.state === "retrying" && connection.retryInS !== undefined) {
    parts.push(`again in ${Math.ceil(connection.retryInS)} s`);
  }
  return parts.join(", ").replace(", over", " over");
}

/**
 * The figures as texts.
 * @param {Meter} meter
 * @param {number} nowMs
 * @returns {Badge[]}
 */
export function badgesOf(meter, nowMs) {
  /** @type {Badge[]} */
  const badges = [];
  /** @type {(name: string, title: string, text: string, tone?: Badge["tone"]) => void} */
  const add = (name, title, text, tone = "") => badges.push({ name, title, text, tone });
  const ages = meter.ages.quantiles(nowMs);
  const answers = meter.answers.quantiles(nowMs);
  if (ages) add("age", "Age of the moment spoken of: median, 95th percentile", both(ages));
  if (answers) add("answer", "From sending a frame to its answer: median, 95th percentile", both(answers));
  const sent = meter.frames.rate(nowMs);
  if (sent) add("sent", "Frames a second", `${sent.toFixed(1)}/s${volume(meter.frames.sumRate(nowMs))}`);
  const results = meter.results.rate(nowMs);
  if (results) add("results", "Labels or heatmaps a second", `${results.toFixed(1)}/s`);
  const drops = [...meter.dropped].map(([reason, n]) => `${n} ${REASONS.get(reason) ?? reason}`);
  if (sent || drops.length) {
    add("dropped", "Frames that were not used, and why", drops.join(", ") || "none", drops.length ? "warn" : "");
  }
  if (meter.errored) add("refused", "Frames that were answered by an error", `${meter.errored}`, "bad");
  return badges;
}

/** @param {import("./meter.js").Quantiles} quantiles */
function both({ p50, p95 }) {
  return `${Math.round(p50)} / ${Math.round(p95)} ms`;
}

/** @param {number} bytesPerSecond */
function volume(bytesPerSecond) {
  if (!bytesPerSecond) return "";
  const bits = 8 * bytesPerSecond;
  return bits < 1e6 ? `, ${Math.round(bits / 1e3)} kbit/s` : `, ${(bits / 1e6).toFixed(1)} Mbit/s`;
}

/**
 * @param {HTMLElement} list
 * @param {number} place
 * @param {Badge} badge
 */
function show(list, place, badge) {
  let group = /** @type {HTMLElement | undefined} */ (list.children[place]);
  if (group === undefined) {
    group = document.createElement("div");
    group.className = "badges__badge";
    group.append(document.createElement("dt"), document.createElement("dd"));
    list.append(group);
  }
  const [name, text] = /** @type {HTMLElement[]} */ ([...group.children]);
  group.title = badge.title;
  group.dataset.tone = badge.tone;
  if (name.textContent !== badge.name) name.textContent = badge.name;
  if (text.textContent !== badge.text) text.textContent = badge.text;
}
