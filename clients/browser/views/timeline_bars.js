/**
 * Draws the bars of a timeline: final ones solid, provisional ones hatched and open at the end.
 */

import { REVISION_MS } from "./timeline_model.js";

/** @typedef {import("./timeline_layout.js").Bar} Bar */

const HATCH_REM = 0.4;

export class BarPainter {
  /** @type {Map<string, CanvasPattern>} */
  #hatches = new Map();

  /** @param {import("./surface.js").Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  /**
   * @param {Bar} bar
   * @param {string} colour
   * @param {number} leftX where the plot begins: texts stay right of it
   */
  bar(bar, colour, leftX) {
    const { context } = this.surface;
    const { x, y, height } = bar;
    const width = bar.width > 4 ? bar.width - this.surface.look.thin : bar.width;
    const line = 1.5 * this.surface.look.thin;
    if (bar.segment.state === "final") {
      context.fillStyle = colour;
      context.beginPath();
      context.roundRect(x, y, width, height, Math.min(1.7 * line, width / 2));
      context.fill();
    } else {
      context.fillStyle = this.surface.look.colours.pane;
      context.fillRect(x, y, width, height);
      context.fillStyle = this.#hatch(colour, x);
      context.fillRect(x, y, width, height);
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.moveTo(x + width, y + line / 2);
      context.lineTo(x + line / 2, y + line / 2);
      context.lineTo(x + line / 2, y + height - line / 2);
      context.lineTo(x + width, y + height - line / 2);
      context.stroke();
    }
    this.#score(bar, leftX);
  }

  /**
   * @param {Bar} bar
   * @param {number} leftX
   */
  #score(bar, leftX) {
    const { context } = this.surface;
    const { rem, mono, colours } = this.surface.look;
    const x = Math.max(bar.x, leftX) + 0.35 * rem;
    if (Number.isNaN(bar.segment.score)) return;
    if (bar.height < 0.85 * rem || bar.x + bar.width - x < 2 * rem) return;
    const isFinal = bar.segment.state === "final";
    context.font = `${0.6875 * rem}px ${mono}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    const text = bar.segment.score.toFixed(2).replace(/^0/, "");
    const middle = bar.y + bar.height / 2 + 0.5;
    if (!isFinal) {
      context.fillStyle = colours.pane;
      context.fillRect(x - 2, middle - 0.45 * rem, context.measureText(text).width + 4, 0.9 * rem);
    }
    context.fillStyle = isFinal ? colours["on-lane"] : colours.ink;
    context.fillText(text, x, middle);
  }

  /**
   * @param {import("./timeline_layout.js").Ghost} ghost
   * @param {number} nowMs
   */
  ghost(ghost, nowMs) {
    const left = 1 - (nowMs - ghost.atMs) / REVISION_MS;
    if (left <= 0) return;
    const { context } = this.surface;
    context.globalAlpha = Math.min(1, 2 * left);
    context.setLineDash([4, 3].map((length) => length * this.surface.look.thin));
    this.outline(ghost, this.surface.look.colours["signal-text"], 1.5, 1);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /**
   * @param {{x: number, y: number, width: number, height: number}} box
   * @param {string} colour
   * @param {number} line
   * @param {number} apart
   */
  outline(box, colour, line, apart) {
    const { context } = this.surface;
    context.strokeStyle = colour;
    context.lineWidth = line * this.surface.look.thin;
    context.beginPath();
    context.roundRect(
      box.x - apart,
      box.y - apart,
      box.width + 2 * apart,
      box.height + 2 * apart,
      3,
    );
    context.stroke();
  }

  /**
   * Diagonal lines that move along with the bar.
   * @param {string} colour
   * @param {number} x
   */
  #hatch(colour, x) {
    const { rem } = this.surface.look;
    const key = `${colour}|${this.surface.ratio}|${rem}`;
    let pattern = this.#hatches.get(key);
    if (pattern === undefined) {
      if (this.#hatches.size > 40) this.#hatches.clear();
      pattern = hatch(this.surface.context, colour, HATCH_REM * rem * this.surface.ratio);
      this.#hatches.set(key, pattern);
    }
    const scale = 1 / this.surface.ratio;
    pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, x, 0]));
    return pattern;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} pitch device pixels
 * @returns {CanvasPattern}
 */
function hatch(context, colour, pitch) {
  const side = Math.round(pitch);
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.strokeStyle = colour;
  pen.lineWidth = pitch / 4;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
}
