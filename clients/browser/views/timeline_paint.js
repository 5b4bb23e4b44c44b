/**
 * Draws a laid-out timeline on a 2D canvas.
 */

import { TextFit } from "./text_fit.js";
import { BarPainter } from "./timeline_bars.js";
import { barBand } from "./timeline_layout.js";

/** @typedef {import("./timeline_layout.js").Layout} Layout */
/** @typedef {import("./timeline_layout.js").LaneBox} LaneBox */
/** @typedef {import("./timeline_model.js").TimelineModel} TimelineModel */
/** @typedef {{selected: string | null, nowMs: number}} Marks */

const CURVE_GAP_S = 0.6;

export class TimelinePainter {
  #fit = new TextFit();

  /**
   * @param {import("./surface.js").Surface} surface
   */
  constructor(surface) {
    this.surface = surface;
    this.bars = new BarPainter(surface);
  }

  /**
   * @param {Layout} layout
   * @param {TimelineModel} model
   * @param {Marks} marks
   */
  paint(layout, model, marks) {
    const context = this.surface.begin();
    context.save();
    context.beginPath();
    context.rect(0, 0, this.surface.width, layout.axisY);
    context.clip();
    for (const lane of layout.lanes) this.#lane(layout, lane);
    this.#inPlot(layout, () => this.#plot(layout, model, marks));
    for (const lane of layout.lanes) this.#name(layout, lane, model);
    context.restore();
    if (Number.isFinite(model.originS)) this.#axis(layout);
    else this.#hint(layout);
    this.#lines(layout);
  }

  /** @param {Layout} layout */
  #hint(layout) {
    const { context } = this.surface;
    const { rem, colours, sans } = this.look;
    context.font = `${0.9375 * rem}px ${sans}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = colours["ink-faint"];
    const middle = layout.plotX + layout.plotWidth / 2;
    context.fillText("Segments grow here while things are done", middle, layout.axisY / 2);
  }

  /**
   * @param {Layout} layout
   * @param {TimelineModel} model
   * @param {Marks} marks
   */
  #plot(layout, model, marks) {
    for (const lane of layout.lanes) this.#curve(layout, lane, model);
    this.#unknown(layout);
    for (const bar of layout.bars) {
      this.bars.bar(bar, this.colourOf(layout.lanes[bar.lane]), layout.plotX);
    }
    for (const ghost of layout.ghosts) this.bars.ghost(ghost, marks.nowMs);
    const selected = layout.bars.find((bar) => bar.key === marks.selected);
    if (selected) this.bars.outline(selected, this.look.colours.ink, 2, 2.5);
  }

  get look() {
    return this.surface.look;
  }

  /** @param {LaneBox} lane */
  colourOf(lane) {
    if (lane.kind !== "step") return this.look.colours["ink-faint"];
    return this.look.lanes[lane.index % this.look.lanes.length];
  }

  /**
   * @param {Layout} layout
   * @param {() => void} draw
   */
  #inPlot(layout, draw) {
    const { context } = this.surface;
    context.save();
    context.beginPath();
    context.rect(layout.plotX, 0, layout.plotWidth, layout.axisY);
    context.clip();
    draw();
    context.restore();
  }

  /**
   * @param {Layout} layout
   * @param {LaneBox} lane
   */
  #lane(layout, lane) {
    const { context } = this.surface;
    context.fillStyle = this.look.colours.line;
    context.globalAlpha = 0.7;
    context.fillRect(0, Math.round(lane.y + lane.height) - 1, this.surface.width, 1);
    for (const tick of layout.ticks) {
      if (tick.text !== null && tick.x >= layout.plotX - 1) context.fillRect(Math.round(tick.x), lane.y, 1, lane.height);
    }
    context.globalAlpha = 1;
  }

  /**
   * @param {Layout} layout
   * @param {LaneBox} lane
   * @param {TimelineModel} model
   */
  #name(layout, lane, model) {
    const { context } = this.surface;
    const { rem, colours, sans } = this.look;
    const isNow = lane.kind === "step" && lane.index === model.currentIndex;
    const left = layout.isNarrow ? 0.6 * rem : rem;
    const pitch = 1.12 * rem;
    const most = layout.isNarrow ? 1 : Math.max(1, Math.min(3, Math.floor(lane.height / pitch)));
    const width = (layout.isNarrow ? 0.8 * this.surface.width : layout.plotX) - left - 1.2 * rem;
    context.font = `${isNow ? 600 : 400} ${0.9375 * rem}px ${sans}`;
    const ordinal = model.mode === "script" && lane.kind === "step" ? `${lane.index + 1} ` : "";
    const lines = this.#fit.lines(context, ordinal + lane.label, width, most);
    const middle = layout.isNarrow
      ? lane.y + 0.64 * rem
      : lane.y + lane.height / 2 - ((lines.length - 1) * pitch) / 2;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillStyle = this.colourOf(lane);
    if (lane.kind === "step") {
      context.fillRect(left, lane.y + 0.14 * rem, 0.28 * rem, lane.height - 0.28 * rem);
    }
    context.fillStyle = lane.kind === "step" ? colours.ink : colours["ink-faint"];
    lines.forEach((line, row) => context.fillText(line, left + 0.7 * rem, middle + row * pitch));
  }

  /**
   * @param {Layout} layout
   * @param {LaneBox} lane
   * @param {TimelineModel} model
   */
  #curve(layout, lane, model) {
    const curve = lane.kind === "step" ? model.curves.get(lane.label) : undefined;
    if (curve === undefined) return;
    const { context } = this.surface;
    const { rem, thin } = this.look;
    const band = barBand(lane, { rem, isNarrow: layout.isNarrow });
    const foot = lane.y + lane.height - 2.5 * thin;
    const rise = foot - band.y - band.height - 2 * thin;
    context.strokeStyle = this.colourOf(lane);
    context.lineWidth = 1.25 * thin;
    context.lineJoin = "round";
    context.globalAlpha = 0.85;
    context.beginPath();
    let isApart = true;
    for (const { x, value } of curve.points(
      layout.fromS,
      layout.toS,
      layout.plotWidth,
      CURVE_GAP_S,
    )) {
      if (Number.isNaN(value)) isApart = true;
      else {
        context[isApart ? "moveTo" : "lineTo"](layout.plotX + x, foot - rise * value);
        isApart = false;
      }
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** @param {Layout} layout */
  #unknown(layout) {
    const lane = layout.lanes.find((each) => each.kind === "unknown");
    if (lane === undefined) return;
    const { context } = this.surface;
    const middle = lane.y + lane.height * (layout.isNarrow ? 0.7 : 0.5);
    context.strokeStyle = this.look.colours["line-strong"];
    const { thin } = this.look;
    context.lineWidth = 2 * thin;
    context.setLineDash([1.5 * thin, 3.5 * thin]);
    context.beginPath();
    for (const { x, width } of layout.unknown) {
      context.moveTo(x, middle);
      context.lineTo(x + Math.max(2, width), middle);
    }
    context.stroke();
    context.setLineDash([]);
  }

  /** @param {Layout} layout */
  #axis(layout) {
    const { context } = this.surface;
    const { rem, colours, mono } = this.look;
    context.fillStyle = colours["line-strong"];
    context.fillRect(0, layout.axisY, this.surface.width, 1);
    context.font = `${0.75 * rem}px ${mono}`;
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const { x, text } of layout.ticks) {
      if (x < layout.plotX - 1) continue;
      context.fillStyle = colours["line-strong"];
      const length = text === null ? 0.2 * rem : 0.38 * rem;
      context.fillRect(Math.round(x), layout.axisY, 1, length);
      context.fillStyle = colours["ink-faint"];
      const half = text === null ? 0 : context.measureText(text).width / 2;
      const middle = Math.max(x, half + 0.2 * rem);
      const isFree =
        Math.abs(x - layout.nowX) > half + 1.6 * rem &&
        !(Math.abs(x - layout.commitX + 1.2 * rem) < half + 1.4 * rem) &&
        x + half < this.surface.width;
      if (text !== null && isFree) context.fillText(text, middle, layout.axisY + 0.45 * rem);
    }
  }

  /** @param {Layout} layout */
  #lines(layout) {
    const { context } = this.surface;
    const { rem, thin, colours, sans } = this.look;
    const isIn = (/** @type {number} */ x) =>
      x >= layout.plotX && x <= layout.plotX + layout.plotWidth;
    if (isIn(layout.commitX)) {
      context.strokeStyle = colours["ink-faint"];
      context.lineWidth = thin;
      context.setLineDash([3 * thin, 3 * thin]);
      context.beginPath();
      context.moveTo(Math.round(layout.commitX) + 0.5, 0);
      context.lineTo(Math.round(layout.commitX) + 0.5, layout.axisY);
      context.stroke();
      context.setLineDash([]);
      this.#tag(layout.commitX, "final", colours["ink-faint"], colours.pane, layout);
    }
    if (isIn(layout.nowX)) {
      context.fillStyle = colours.signal;
      context.fillRect(layout.nowX - thin, 0, 2 * thin, layout.axisY);
      context.font = `600 ${0.75 * rem}px ${sans}`;
      this.#tag(layout.nowX, "now", colours["signal-text"], colours["on-signal"], layout);
    }
  }

  /**
   * @param {number} x
   * @param {string} text
   * @param {string} ground
   * @param {string} ink
   * @param {Layout} layout
   */
  #tag(x, text, ground, ink, layout) {
    const { context } = this.surface;
    const { rem, sans } = this.look;
    context.font = `500 ${0.6875 * rem}px ${sans}`;
    const width = context.measureText(text).width + 0.6 * rem;
    const isNow = text === "now";
    const wanted = isNow ? x - width / 2 : x - width;
    const left = Math.min(Math.max(layout.plotX, wanted), this.surface.width - width - 1);
    context.fillStyle = ground;
    context.beginPath();
    context.roundRect(left, layout.axisY + 0.2 * rem, width, 1.1 * rem, 2);
    context.fill();
    context.fillStyle = ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, left + width / 2, layout.axisY + 0.78 * rem);
  }
}
