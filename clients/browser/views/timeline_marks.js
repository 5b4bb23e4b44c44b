/** What a visitor points at on the timeline: a marked stretch, and where playing is held. */

/** @typedef {import("./timeline_layout.js").Layout} Layout */
/** @typedef {{startS: number, endS: number}} Mark seconds of the capture clock */
/** @typedef {"startS" | "endS"} End */

/** No stretch is shorter: a grip must be left between its ends. */
const LEAST_S = 0.1;

/**
 * Which end of a mark lies under a point.
 * @param {Layout} layout
 * @param {Mark | null} mark
 * @param {number} x
 * @param {number} reach pixels by which one may miss
 * @returns {End | null}
 */
export function endAt(layout, mark, x, reach) {
  if (mark === null) return null;
  const [start, end] = [mark.startS, mark.endS].map((timeS) => Math.abs(toX(layout, timeS) - x));
  if (Math.min(start, end) > reach) return null;
  return start < end ? "startS" : "endS";
}

/**
 * The mark with one end elsewhere; the other end stays.
 * @param {Mark} mark
 * @param {End} end
 * @param {number} timeS
 * @returns {Mark}
 */
export function withEnd(mark, end, timeS) {
  if (end === "startS") return { ...mark, startS: Math.min(timeS, mark.endS - LEAST_S) };
  return { ...mark, endS: Math.max(timeS, mark.startS + LEAST_S) };
}

/**
 * The time at a place of the canvas.
 * @param {Layout} layout
 * @param {number} x
 */
export function timeAt(layout, x) {
  return layout.fromS + ((x - layout.plotX) / layout.plotWidth) * (layout.toS - layout.fromS);
}

/**
 * Draw both over a painted timeline.
 * @param {import("./surface.js").Surface} surface
 * @param {Layout} layout
 * @param {Mark | null} mark
 * @param {number} cursorS NaN for none
 */
export function paintMarks(surface, layout, mark, cursorS) {
  const { context } = surface;
  context.save();
  context.beginPath();
  context.rect(layout.plotX, 0, layout.plotWidth + surface.look.rem, surface.height);
  context.clip();
  if (mark) paintMark(surface, layout, mark);
  if (!Number.isNaN(cursorS)) paintCursor(surface, layout, cursorS);
  context.restore();
}

/**
 * @param {import("./surface.js").Surface} surface
 * @param {Layout} layout
 * @param {Mark} mark
 */
function paintMark({ context, look }, layout, mark) {
  const { rem, thin, colours } = look;
  const [left, right] = [toX(layout, mark.startS), toX(layout, mark.endS)];
  context.fillStyle = colours.ink;
  context.globalAlpha = 0.14;
  context.fillRect(left, 0, right - left, layout.axisY);
  context.globalAlpha = 1;
  for (const x of [left, right]) {
    context.fillRect(x - thin, 0, 2 * thin, layout.axisY);
    context.beginPath();
    context.roundRect(x - 0.3 * rem, layout.axisY / 2 - 0.8 * rem, 0.6 * rem, 1.6 * rem, 0.3 * rem);
    context.fill();
  }
}

/**
 * @param {import("./surface.js").Surface} surface
 * @param {Layout} layout
 * @param {number} timeS
 */
function paintCursor({ context, look }, layout, timeS) {
  const { rem, thin, colours } = look;
  const x = toX(layout, timeS);
  context.fillStyle = colours.ink;
  context.fillRect(x - thin, 0, 2 * thin, layout.axisY);
  context.beginPath();
  context.moveTo(x, layout.axisY);
  context.lineTo(x - 0.4 * rem, layout.axisY + 0.6 * rem);
  context.lineTo(x + 0.4 * rem, layout.axisY + 0.6 * rem);
  context.fill();
}

/**
 * @param {Layout} layout
 * @param {number} timeS
 */
function toX(layout, timeS) {
  return layout.plotX + ((timeS - layout.fromS) / (layout.toS - layout.fromS)) * layout.plotWidth;
}
