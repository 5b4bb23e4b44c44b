/**
 * The heatmap over the video, at display rate: enlarged, coloured, faded by the age of its frame.
 * A result of an old frame is never shown as new; absence is said in words.
 */

import { CaptureClock } from "./capture_clock.js";
import { heatRamp } from "./colour.js";
import { GONE_S, cellsOf, chosen, colourGrid, contain, fade, wordsOf } from "./heat_picture.js";
import { Surface } from "./surface.js";

/** @typedef {import("../protocol.js").Heat} Heat */
/** @typedef {import("../protocol.js").Heatmap} Heatmap */

/** Pixels drawn for each cell; the canvas smooths the rest. */
const CELL_PX = 8;
const RAMP = heatRamp();
/** An absent prompt's map shows where it would be most likely: faintly. */
const ABSENT_OPACITY = 0.3;
/** On a video any theme is dark. */
const INK = "#fff";
const GROUND = "rgb(10 14 18 / 0.78)";

/** The ramp as a picture of one row. */
const SCALE = document.createElement("canvas");
SCALE.width = 256;
SCALE.height = 1;
SCALE.getContext("2d")?.putImageData(new ImageData(RAMP, 256, 1), 0, 0);

export class HeatmapOverlay {
  /** @type {number | "best"} index of the prompt that shows, or the surest one */
  prompt = "best";
  opacity = 0.7;
  /** Whether the video is shown mirrored. */
  mirrored = false;
  peaks = true;
  /** What is said of the chosen prompt now. */
  words = "";
  clock = new CaptureClock();
  #picture = { width: 0, height: 0 };
  /** @type {string[]} */
  #labels = [];
  #config = 0;
  #isCalibrated = true;
  /** @type {Heatmap | null} */
  #heatmap = null;
  /** @type {Heat | null} what `#tile` holds */
  #tiled = null;
  #state = "";

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.classList.add("overlay");
    this.surface = new Surface(host, "overlay__canvas");
    this.surface.canvas.setAttribute("aria-hidden", "true");
    this.spoken = document.createElement("p");
    this.spoken.className = "said";
    host.append(this.spoken);
    this.tile = document.createElement("canvas");
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.tile.getContext("2d"));
  }

  /**
   * @param {number} widthPx the video's own size
   * @param {number} heightPx
   */
  picture(widthPx, heightPx) {
    this.#picture = { width: widthPx, height: heightPx };
    this.surface.stale = true;
  }

  /**
   * A frame of that capture time was sent: it is what the picture shows now.
   * @param {number} timeS
   * @param {number} nowMs
   */
  captured(timeS, nowMs) {
    this.clock.captured(timeS, nowMs);
  }

  /**
   * @param {import("../protocol.js").ServerMessage} message
   * @param {number} nowMs
   */
  receive(message, nowMs) {
    if (message.type === "welcome") this.#isCalibrated = message.video?.calibrated ?? true;
    else if (message.type === "configured") {
      this.#labels = message.labels;
      this.#config = message.config;
      this.#heatmap = null;
    } else if (message.type === "heatmap" && message.config === this.#config) {
      this.#heatmap = message;
      if (!(this.clock.newestS >= message.time_s)) {
        this.captured(message.time_s + message.age_ms / 1000, nowMs);
      }
    } else return;
    this.surface.stale = true;
  }

  /** @param {number} nowMs */
  draw(nowMs) {
    const heatmap = this.#heatmap;
    const heat = heatmap && chosen(heatmap, this.prompt);
    const ageS = heatmap ? this.clock.nowS(nowMs) - heatmap.time_s : GONE_S;
    const label = this.#labels[heat?.index ?? -1] ?? "";
    this.words = wordsOf(label, heat, ageS, this.#isCalibrated);
    const presence = this.#isCalibrated ? heat?.present ? "present" : "absent" : "not calibrated";
    const spoken = heat ? `Heatmap of ${label}: ${presence}` : "";
    if (this.spoken.textContent !== spoken) this.spoken.textContent = spoken;
    const visible = heat ? fade(ageS) : 0;
    const state = [visible.toFixed(2), this.prompt, this.opacity, this.mirrored, this.peaks, this.words].join();
    if (!this.surface.prepare() || (state === this.#state && !this.surface.stale)) return;
    this.#state = state;
    const context = this.surface.begin();
    const box = contain(this.surface, this.#picture);
    if (heatmap && heat && visible > 0) {
      this.#map(context, heatmap, heat, box, visible);
      if (this.peaks && heat.present) this.#peaks(context, heat, box, visible);
      this.#scale(context, heat, box);
    }
    if (heat) this.#words(context, box);
  }

  clear() {
    this.#heatmap = null;
    this.clock.clear();
    this.surface.stale = true;
  }

  destroy() {
    this.surface.destroy();
    this.spoken.remove();
    this.host.classList.remove("overlay");
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Heatmap} heatmap
   * @param {Heat} heat
   * @param {import("./heat_picture.js").Box} box
   * @param {number} visible 0..1
   */
  #map(context, heatmap, heat, box, visible) {
    if (this.#tiled !== heat) this.#fill(heatmap, heat);
    context.save();
    context.globalAlpha = visible * this.opacity * (heat.present ? 1 : ABSENT_OPACITY);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    if (this.mirrored) {
      context.translate(2 * box.x + box.width, 0);
      context.scale(-1, 1);
    }
    context.drawImage(this.tile, box.x, box.y, box.width, box.height);
    context.restore();
  }

  /**
   * @param {Heatmap} heatmap
   * @param {Heat} heat
   */
  #fill({ columns, rows }, heat) {
    this.tile.width = CELL_PX * columns;
    this.tile.height = CELL_PX * rows;
    const image = this.pen.createImageData(this.tile.width, this.tile.height);
    colourGrid(cellsOf(heat), columns, rows, image, RAMP);
    this.pen.putImageData(image, 0, 0);
    this.#tiled = heat;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Heat} heat
   * @param {import("./heat_picture.js").Box} box
   * @param {number} visible
   */
  #peaks(context, heat, box, visible) {
    const { rem } = this.surface.look;
    context.globalAlpha = visible;
    heat.peaks.forEach((peak, place) => {
      const [left, top, right, bottom] = peak.box;
      const x = box.x + box.width * (this.mirrored ? 1 - right : left);
      const y = box.y + box.height * top;
      const [width, height] = [box.width * (right - left), box.height * (bottom - top)];
      corners(context, { x, y, width, height }, Math.min(1.1 * rem, width / 3, height / 3), place === 0);
      const middleX = box.x + box.width * (this.mirrored ? 1 - peak.x : peak.x);
      cross(context, middleX, box.y + box.height * peak.y, 0.4 * rem);
      this.#tag(context, peak.score.toFixed(2).replace(/^0/, ""), x, y - 0.2 * rem, "bottom");
    });
    context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("./heat_picture.js").Box} box
   */
  #words(context, box) {
    const { rem } = this.surface.look;
    this.#tag(context, this.words, box.x + 0.75 * rem, box.y + 0.75 * rem, "top");
  }

  /**
   * What the colours stand for: similarities of picture and words.
   * @param {CanvasRenderingContext2D} context
   * @param {Heat} heat
   * @param {import("./heat_picture.js").Box} box
   */
  #scale(context, heat, box) {
    const { rem, mono } = this.surface.look;
    const [width, height] = [4.5 * rem, 0.45 * rem];
    if (box.width < 4 * width) return;
    context.font = `${0.75 * rem}px ${mono}`;
    const [low, high] = [heat.low, heat.high].map((value) => value.toFixed(2).replace(/^(-?)0/, "$1"));
    const apart = 0.4 * rem;
    const textWidth = Math.max(context.measureText(low).width, context.measureText(high).width);
    const full = width + 2 * (textWidth + apart) + apart;
    const x = box.x + box.width - full - 0.75 * rem;
    const y = box.y + 0.75 * rem;
    context.fillStyle = GROUND;
    context.beginPath();
    context.roundRect(x, y, full, 1.4 * rem, 3);
    context.fill();
    context.drawImage(SCALE, x + textWidth + 1.5 * apart, y + 0.7 * rem - height / 2, width, height);
    context.fillStyle = INK;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText(low, x + textWidth + 0.75 * apart, y + 0.75 * rem);
    context.textAlign = "left";
    context.fillText(high, x + textWidth + width + 2.25 * apart, y + 0.75 * rem);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {"top" | "bottom"} side of the tag that is at y
   */
  #tag(context, text, x, y, side) {
    const { rem, sans } = this.surface.look;
    context.font = `500 ${0.8125 * rem}px ${sans}`;
    const width = context.measureText(text).width + 0.8 * rem;
    const height = 1.4 * rem;
    const left = Math.max(2, Math.min(x, this.surface.width - width - 2));
    const top = Math.max(2, side === "top" ? y : y - height);
    context.fillStyle = GROUND;
    context.beginPath();
    context.roundRect(left, top, width, height, 3);
    context.fill();
    context.fillStyle = INK;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillText(text, left + 0.4 * rem, top + height / 2 + 0.5);
  }
}

/**
 * The corners of a box, dark under light so that they show on any picture.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./heat_picture.js").Box} box
 * @param {number} arm
 * @param {boolean} isFirst
 */
function corners(context, { x, y, width, height }, arm, isFirst) {
  context.beginPath();
  for (const [cornerX, toX] of [[x, 1], [x + width, -1]]) {
    for (const [cornerY, toY] of [[y, 1], [y + height, -1]]) {
      context.moveTo(cornerX + toX * arm, cornerY);
      context.lineTo(cornerX, cornerY);
      context.lineTo(cornerX, cornerY + toY * arm);
    }
  }
  twice(context, isFirst ? arm / 8 : arm / 12);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} arm
 */
function cross(context, x, y, arm) {
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  context.moveTo(x, y - arm);
  context.lineTo(x, y + arm);
  twice(context, arm / 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 */
function twice(context, width) {
  context.strokeStyle = GROUND;
  context.lineWidth = 2.2 * width;
  context.stroke();
  context.strokeStyle = INK;
  context.lineWidth = width;
  context.stroke();
}
