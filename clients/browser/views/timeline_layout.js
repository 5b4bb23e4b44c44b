/**
 * Where everything of the timeline lies, in CSS pixels. Pure.
 */

/** @typedef {import("./timeline_model.js").TimelineModel} TimelineModel */
/** @typedef {import("./timeline_model.js").Lane} Lane */
/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {{width: number, height: number, rem: number}} Size */
/** @typedef {{x: number, text: string | null}} Tick */
/** @typedef {Lane & {y: number, height: number}} LaneBox */
/** @typedef {{key: string, segment: Segment, lane: number, x: number, width: number, y: number,
 *   height: number}} Bar */
/** @typedef {{key: string, x: number, width: number, y: number, height: number,
 *   atMs: number}} Ghost where a segment was before its revision */
/** @typedef {{fromS: number, toS: number, toX: (timeS: number) => number, rem: number,
 *   isNarrow: boolean}} Frame */
/** @typedef {{fromS: number, toS: number, plotX: number, plotWidth: number, isNarrow: boolean,
 *   axisY: number, lanes: LaneBox[], bars: Bar[], unknown: {x: number, width: number}[], ghosts: Ghost[],
 *   ticks: Tick[], nowX: number, commitX: number, overflow: number}} Layout */

export const LEAST_SPAN_S = 2;
export const MOST_SPAN_S = 3600;
/** Part of the span before the now-line while it is followed. */
const LIVE_PART = 0.94;
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const LEAST_BAR_PX = 2;

/** The stretch of time that is looked at. */
export class TimeWindow {
  spanS = 30;
  /** Whether the right end moves along with the present. */
  follow = true;
  #fromS = 0;

  /**
   * @param {number} originS capture time of the beginning
   * @param {number} nowS
   * @returns {{fromS: number, toS: number}}
   */
  range(originS, nowS) {
    if (this.follow) this.#fromS = Math.max(originS, nowS - LIVE_PART * this.spanS) || 0;
    return { fromS: this.#fromS, toS: this.#fromS + this.spanS };
  }

  /** @param {number} seconds to the future, negative to the past */
  panBy(seconds) {
    this.follow = false;
    this.#fromS += seconds;
  }

  /** @param {number} fromS the left end */
  goTo(fromS) {
    this.follow = false;
    this.#fromS = fromS;
  }

  /**
   * Show `factor` times as much, with the time at `part` of the width (0 left, 1 right) held.
   * While the present is followed, it stays where it is.
   * @param {number} factor
   * @param {number} part
   */
  zoomBy(factor, part) {
    const spanS = Math.min(MOST_SPAN_S, Math.max(LEAST_SPAN_S, this.spanS * factor));
    this.#fromS += part * (this.spanS - spanS);
    this.spanS = spanS;
  }

  /**
   * Show all between two times.
   * @param {number} fromS
   * @param {number} toS
   */
  show(fromS, toS) {
    this.follow = false;
    const lengthS = Math.max(LEAST_SPAN_S, toS - fromS);
    this.spanS = Math.min(MOST_SPAN_S, 1.04 * lengthS);
    this.#fromS = fromS - 0.02 * lengthS;
  }

  /**
   * Move as little as needed to have a stretch in view.
   * @param {number} startS
   * @param {number} endS
   */
  reveal(startS, endS) {
    const isIn = startS >= this.#fromS && endS <= this.#fromS + this.spanS;
    if (isIn) return;
    this.follow = false;
    this.#fromS = (startS + endS) / 2 - this.spanS / 2;
  }
}

/**
 * @param {TimelineModel} model
 * @param {{fromS: number, toS: number}} range
 * @param {number} nowS
 * @param {Size} size
 * @param {number} scrollPx how far the lanes are scrolled down
 * @returns {Layout}
 */
export function layOut(model, range, nowS, size, scrollPx) {
  const { fromS, toS } = range;
  const { plotX, plotWidth, isNarrow } = columns(size);
  /** @param {number} timeS */
  const toX = (timeS) => plotX + ((timeS - fromS) / (toS - fromS)) * plotWidth;
  const axisY = size.height - 1.6 * size.rem;
  const { lanes, overflow } = stackLanes(model.lanes(fromS, toS), axisY, size, scrollPx);
  const frame = { fromS, toS, toX, rem: size.rem, isNarrow };
  return {
    fromS,
    toS,
    plotX,
    plotWidth,
    isNarrow,
    axisY,
    lanes,
    bars: placeBars(model, lanes, frame),
    unknown: model.unknown.all
      .filter((each) => each.endS >= fromS && each.startS <= toS)
      .map((each) => ({ x: toX(each.startS), width: toX(each.endS) - toX(each.startS) })),
    ghosts: placeGhosts(model, lanes, frame),
    ticks: ticks(fromS, toS, plotWidth / (4.2 * size.rem), model.originS).map((tick) => ({
      x: toX(tick.timeS),
      text: tick.text,
    })),
    nowX: toX(nowS),
    commitX: toX(model.commitS),
    overflow,
  };
}

/**
 * The bar under a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @param {number} reach pixels by which one may miss
 * @returns {Bar | null}
 */
export function barAt(layout, x, y, reach) {
  let best = null;
  let least = reach;
  for (const bar of layout.bars) {
    if (y < bar.y - reach || y > bar.y + bar.height + reach) continue;
    const miss = Math.max(0, bar.x - x, x - bar.x - bar.width);
    if (miss <= least) [best, least] = [bar, miss];
  }
  return best;
}

/**
 * Ticks of the axis; every one that has a text is a main one.
 * @param {number} fromS
 * @param {number} toS
 * @param {number} most texts that there is room for
 * @param {number} originS
 * @returns {{timeS: number, text: string | null}[]}
 */
export function ticks(fromS, toS, most, originS) {
  if (!Number.isFinite(originS)) return [];
  const wanted = (toS - fromS) / Math.max(1, most);
  const place = STEPS_S.findIndex((step) => step >= wanted);
  const stepS = place < 0 ? STEPS_S[STEPS_S.length - 1] : STEPS_S[place];
  const minor = stepS / (stepS === 15 || stepS === 30 ? 3 : 5);
  const found = [];
  for (let n = Math.ceil((fromS - originS) / minor - 1e-6); n * minor <= toS - originS; n++) {
    if (n < 0) continue;
    const isMain = Math.abs((n * minor) / stepS - Math.round((n * minor) / stepS)) < 1e-6;
    found.push({ timeS: originS + n * minor, text: isMain ? clockText(n * minor, stepS) : null });
  }
  return found;
}

/**
 * Minutes and seconds, with a decimal where steps are smaller than a second.
 * @param {number} seconds
 * @param {number} [stepS]
 */
export function clockText(seconds, stepS = 1) {
  const decimals = stepS < 1 ? 1 : 0;
  const unit = 10 ** decimals;
  const rounded = Math.round(Math.abs(seconds) * unit) / unit;
  const minutes = Math.floor(rounded / 60);
  const hours = Math.floor(minutes / 60);
  const rest = (rounded - 60 * minutes).toFixed(decimals).padStart(decimals ? 4 : 2, "0");
  const sign = seconds < 0 && rounded > 0 ? "-" : "";
  if (hours) return `${sign}${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
  return `${sign}${minutes}:${rest}`;
}

/**
 * @param {Size} size
 */
export function columns(size) {
  const isNarrow = size.width < 38 * size.rem;
  const plotX = isNarrow ? 1.2 * size.rem : Math.min(15 * size.rem, 0.22 * size.width);
  return { plotX, plotWidth: Math.max(1, size.width - plotX - 0.6 * size.rem), isNarrow };
}

/**
 * @param {Lane[]} lanes
 * @param {number} axisY
 * @param {Size} size
 * @param {number} scrollPx
 */
function stackLanes(lanes, axisY, size, scrollPx) {
  const least = (columns(size).isNarrow ? 2.5 : 1.45) * size.rem;
  const most = 6.5 * size.rem;
  const top = 0.35 * size.rem;
  const thin = (/** @type {Lane} */ lane) => (lane.kind === "step" ? 1 : 0.62);
  const shares = lanes.reduce((sum, lane) => sum + thin(lane), 0);
  const full = Math.min(most, Math.max(least, (axisY - top) / Math.max(1, shares)));
  const overflow = Math.max(0, top + shares * full - axisY);
  let y = top - Math.min(overflow, Math.max(0, scrollPx));
  const stacked = lanes.map((lane) => {
    const box = { ...lane, y, height: full * thin(lane) };
    y += box.height;
    return box;
  });
  return { lanes: stacked, overflow };
}

/**
 * Where a lane's bars lie in it; its name (narrow) is above them, its curve below.
 * @param {LaneBox} lane
 * @param {{rem: number, isNarrow: boolean}} frame
 */
export function barBand(lane, { rem, isNarrow }) {
  if (isNarrow) {
    const above = Math.min(1.15 * rem, 0.45 * lane.height);
    return { y: lane.y + above, height: Math.max(3, lane.height - above - 0.6 * rem) };
  }
  const part = lane.kind === "step" ? 0.56 : 0.72;
  return { y: lane.y + 0.13 * lane.height, height: Math.max(3, part * lane.height) };
}

/**
 * @param {TimelineModel} model
 * @param {LaneBox[]} lanes
 * @param {Frame} frame
 * @returns {Bar[]}
 */
function placeBars(model, lanes, frame) {
  const { fromS, toS, toX } = frame;
  const rows = rowsOf(lanes);
  /** @type {Bar[]} */
  const bars = [];
  for (const { key, segment } of model.entries) {
    if (segment.start_s > toS) break;
    const lane = rows.get(segment.label);
    if (segment.end_s < fromS || lane === undefined) continue;
    const x = toX(segment.start_s);
    const width = Math.max(LEAST_BAR_PX, toX(segment.end_s) - x);
    bars.push({ key, segment, lane, x, width, ...barBand(lanes[lane], frame) });
  }
  return bars;
}

/**
 * @param {TimelineModel} model
 * @param {LaneBox[]} lanes
 * @param {Frame} frame
 * @returns {Ghost[]}
 */
function placeGhosts(model, lanes, frame) {
  const rows = rowsOf(lanes);
  return model.revisions.flatMap(({ key, before, atMs }) => {
    const lane = rows.get(before.label);
    if (lane === undefined) return [];
    const x = frame.toX(before.start_s);
    const width = Math.max(LEAST_BAR_PX, frame.toX(before.end_s) - x);
    return [{ key, x, width, atMs, ...barBand(lanes[lane], frame) }];
  });
}

/** @param {LaneBox[]} lanes */
function rowsOf(lanes) {
  /** @type {Map<string, number>} */
  const rows = new Map();
  lanes.forEach((lane, place) => {
    if (lane.kind !== "unknown") rows.set(lane.label, place);
  });
  return rows;
}
