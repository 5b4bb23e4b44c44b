/**
 * Mounts every view in several states with synthetic data. `?at=SECONDS` shows that moment and
 * stands still, for screenshots.
 */

import { Badges } from "./badges.js";
import { configured, heatmap, motionSession, walker } from "./gallery_data.js";
import { HeatmapOverlay } from "./heatmap_overlay.js";
import { Moment } from "./moment.js";
import { SkeletonView } from "./skeleton.js";
import { setTheme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { TimelineModel } from "./timeline_model.js";

/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{receive: (message: ServerMessage, nowMs: number) => void,
 *   draw: (nowMs: number) => void}} View */
/** @typedef {(view: View, nowS: number) => void} Feed */

const STEPS = ["walks forward", "sits down on a chair", "waves with the right hand"];
const PROMPTS = [
  "picks up a cup with the left hand and drinks from it",
  "types on a keyboard",
  "stretches both arms",
  "writes on a whiteboard",
  "leans back",
  "scratches the head",
  "reads a book",
  "talks on the phone",
];
const asked = new URLSearchParams(location.search).get("at");
const standsAtS = asked === null ? null : Number(asked);

/** @type {((nowS: number, nowMs: number) => void)[]} */
const items = [];

/**
 * @template {View} V
 * @param {string} caption
 * @param {string} box class of the box
 * @param {(host: HTMLElement) => V} make
 * @param {(view: V, nowS: number, nowMs: number) => void} feed
 */
function show(caption, box, make, feed) {
  const figure = document.createElement("figure");
  figure.className = `gallery__item${/timeline|tall|state/.test(box) ? " gallery__item--wide" : ""}`;
  const text = document.createElement("figcaption");
  text.textContent = caption;
  const host = document.createElement("div");
  host.className = box.split(" ").map((name) => `gallery__box--${name}`).join(" ") + " gallery__box";
  const inner = document.createElement("div");
  host.append(inner);
  figure.append(text, host);
  document.getElementById("gallery")?.append(figure);
  const view = make(inner);
  items.push((nowS, nowMs) => {
    feed(view, nowS, nowMs);
    view.draw(nowMs);
  });
}

/**
 * Feed a session as time goes on; what came before the page was opened comes at once.
 * @param {import("./gallery_data.js").Timed[]} session
 */
function played(session) {
  let next = 0;
  return (/** @type {View} */ view, /** @type {number} */ nowS, /** @type {number} */ nowMs) => {
    for (; next < session.length && session[next].atS <= nowS; next++) {
      view.receive(session[next].message, nowMs - 1000 * (nowS - session[next].atS));
    }
  };
}

/** @param {HTMLElement} host */
const timeline = (host) => new Timeline(host);

const script = motionSession({ labels: STEPS, mode: "script", lengthsS: [4, 3, 5], endS: 600 });
const watch = motionSession({
  labels: PROMPTS,
  mode: "watch",
  lengthsS: [3, 2, 5, 1.4],
  endS: 600,
  unknownEvery: 5,
});

show("Moment: a step of a script", "words", (host) => new Moment(host), played(script));
show("Moment: a long prompt", "words", (host) => new Moment(host), played(watch));
show("Moment: nothing yet", "words", (host) => new Moment(host), () => {});
show("Timeline: three steps in order", "timeline", timeline, withFrames(played(script)));
show("Timeline: eight prompts at any time, with the unknown", "tall", timeline, withFrames(played(watch)));
show("Timeline: hundreds of segments, looked back on, one of them chosen", "tall", timeline, lookedBack());
show("Timeline: other words were asked for on the way", "timeline", timeline, withFrames(asksAnew()));
show("Timeline: nothing yet", "timeline", timeline, (view) => {
  if (!view.model.labels.length) view.receive(configured(STEPS, "script"), 0);
});

/** @param {(view: View, nowS: number, nowMs: number) => void} feed */
function withFrames(feed) {
  return (/** @type {Timeline} */ view, /** @type {number} */ nowS, /** @type {number} */ nowMs) => {
    view.captured(nowS, nowMs);
    feed(view, nowS, nowMs);
  };
}

function lookedBack() {
  const session = motionSession({
    labels: PROMPTS.slice(1),
    mode: "watch",
    lengthsS: [2, 1, 1.6, 0.7],
    endS: 420,
  });
  let isFed = false;
  return (/** @type {Timeline} */ view) => {
    if (isFed) return;
    isFed = true;
    for (const { atS, message } of session) view.receive(message, 1000 * atS);
    view.fit();
    view.window.zoomBy(0.24, 0.5);
    view.select(view.model.entries[150].key);
  };
}

function asksAnew() {
  const first = motionSession({ labels: STEPS, mode: "watch", lengthsS: [3, 2, 4], endS: 14 });
  const other = ["walks forward", "claps"];
  const later = motionSession({ labels: other, mode: "watch", lengthsS: [3, 2], endS: 600 })
    .filter(({ atS }) => atS > 16)
    .map(({ atS, message }) => ({ atS, message: { ...message, config: 2 } }));
  const open = new TimelineModel();
  for (const { message } of first) open.receive(message, 0);
  const finals = open.entries.map(({ segment }) => ({
    atS: 16,
    message: { ...segment, state: "final" },
  }));
  const again = { ...configured(other, "watch"), config: 2 };
  const all = [...first, ...finals, { atS: 16, message: again }, ...later];
  return played(/** @type {import("./gallery_data.js").Timed[]} */ (all));
}

/**
 * A picture that is no photograph: a floor, a wall and a figure, of any shape.
 * @param {HTMLElement} host
 * @param {number} width
 * @param {number} height
 * @param {boolean} mirrored
 */
function overlay(host, width, height, mirrored = false) {
  const canvas = document.createElement("canvas");
  canvas.className = `gallery__picture${mirrored ? " gallery__picture--mirrored" : ""}`;
  [canvas.width, canvas.height] = [width, height];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const wall = pen.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, "#5b6b73");
  wall.addColorStop(1, "#2c363c");
  pen.fillStyle = wall;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#23292d";
  pen.fillRect(0, 0.78 * height, width, height);
  pen.fillStyle = "#c9c2b4";
  pen.fillRect(0.6 * width, 0.25 * height, 0.25 * width, 0.32 * height);
  pen.fillStyle = "#8a9aa0";
  pen.beginPath();
  pen.arc(0.38 * width, 0.3 * height, 0.09 * height, 0, 7);
  pen.roundRect(0.38 * width - 0.11 * height, 0.4 * height, 0.22 * height, 0.4 * height, 20);
  pen.fill();
  host.before(canvas);
  const view = new HeatmapOverlay(host);
  view.picture(width, height);
  view.mirrored = mirrored;
  return view;
}

/**
 * @param {number} oldS how long ago the newest heatmap's frame was
 * @param {(timeS: number) => {x: number, y: number}[]} centres
 */
function heated(oldS, centres) {
  let nextS = 0;
  return (/** @type {HeatmapOverlay} */ view, /** @type {number} */ nowS, /** @type {number} */ nowMs) => {
    if (nextS === 0) view.receive(configured(["waves", "reads a book"], "watch"), nowMs);
    view.captured(nowS, nowMs);
    if (nowS < nextS) return;
    nextS = nowS + 1 / 30;
    view.receive(heatmap(nowS - oldS, centres(nowS), 2), nowMs);
  };
}

/** @param {number} timeS */
const moving = (timeS) => [{ x: 0.4 + 0.12 * Math.sin(timeS), y: 0.42 + 0.08 * Math.cos(1.3 * timeS) }];

show("Heatmap: present, 16:9", "picture", (host) => overlay(host, 1280, 720), heated(0.06, moving));
show("Heatmap: mirrored, 4:3 in 16:9", "picture", (host) => overlay(host, 640, 480, true), heated(0.06, moving));
show("Heatmap: its frame is 0.7 s old, faded", "picture", (host) => overlay(host, 1280, 720), heated(0.7, moving));
show("Heatmap: 2 s old, not shown", "picture", (host) => overlay(host, 1280, 720), heated(2, moving));
show("Heatmap: absent, upright picture", "picture upright", (host) => overlay(host, 480, 640), heated(0.06, () => []));

/** @param {HTMLElement} host */
const body = (host) => new SkeletonView(host);
show("Body: walks in a circle", "body", body, (view, nowS, nowMs) => view.pose(walker(nowS), nowMs));
show("Body: from a camera, no place in the room", "body", body, (view, nowS, nowMs) => {
  const joints = walker(nowS);
  view.pose(joints.map((value, place) => value - joints[place % 3]), nowMs);
});
show("Body: nothing yet", "body", body, () => {});

/** @type {[string, import("./badges.js").Connection, boolean][]} */
const STATES = [
  ["connected", { state: "open", transport: "webrtc" }, true],
  ["connection lost", { state: "retrying", retryInS: 3.2 }, true],
  ["connecting", { state: "connecting" }, false],
  ["failed", { state: "failed", text: "the server refused the token" }, false],
];
for (const [name, connection, isFed] of STATES) {
  show(`State: ${name}`, "words state", (host) => new Badges(host), (view, nowS, nowMs) => {
    view.connection(connection);
    if (!isFed || (view.meter.frames.rate(nowMs) && standsAtS !== null)) return;
    if (!view.meter.dropped.size) {
      view.source("camera 640 × 480");
      const reasons = [["late", 1], ["busy", 14]];
      for (const [reason, count] of /** @type {[string, number][]} */ (reasons)) {
        view.receive({ type: "dropped", reason, first_seq: 0, last_seq: count, count }, nowMs);
      }
    }
    for (let past = standsAtS === null ? 0 : 120; past >= 0; past--) {
      const seq = Math.round(60 * nowS) - past;
      const atMs = nowMs - 16.7 * past;
      view.sent(atMs - 60, 12000, seq);
      const message = heatmap(nowS, [], 1);
      view.receive({ ...message, seq, age_ms: 40 + (seq % 17) }, atMs);
    }
  });
}

document.getElementById("themes")?.addEventListener("change", (event) => {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  setTheme(/** @type {import("./theme.js").ThemeChoice} */ (value));
});

const startMs = performance.now();
/** @param {number} nowMs */
function step(nowMs) {
  const nowS = standsAtS ?? 12 + (nowMs - startMs) / 1000;
  for (const item of items) item(nowS, nowMs);
  if (standsAtS === null) requestAnimationFrame(step);
  else setTimeout(() => step(performance.now()), 1000);
}
requestAnimationFrame(step);
