/**
 * What the timeline shows, from the messages of a session: lanes, segments, revisions, scores.
 * Pure: told the time, knows no pixels.
 *
 * A session about video sends no segments: there the stretches in which a prompt is present stand
 * in for them, provisional while they go on. A model that is not calibrated calls everything present:
 * there the prompt that fits best stands in, without a score.
 */

import { Curve } from "./curve.js";
import { seen } from "./heat_picture.js";
import { SegmentStore } from "./segment_store.js";
import { Stretches } from "./stretches.js";

/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{label: string, index: number, kind: "step" | "unknown" | "earlier"}} Lane
 *   `index` in the configuration in force, -1 for the other kinds */
/** @typedef {{key: string, segment: Segment}} Entry */
/** @typedef {{key: string, before: Segment, atMs: number}} Revision */

export const UNKNOWN = "unknown";
/** How long a revision is pointed out. */
export const REVISION_MS = 1600;
/** Movements of a border by less than this are growth or rounding, no revision. */
const MOVED_S = 0.051;
/** Words whose scores are kept. */
const REMEMBERED = 100;

export class TimelineModel {
  /** @type {string[]} */
  labels = [];
  mode = "watch";
  horizonS = 0;
  lookaheadS = 0;
  /** Capture time that 0:00 stands for, seconds; NaN before anything came. */
  originS = NaN;
  /** Capture time of the newest result, seconds; NaN before. */
  newestS = NaN;
  /** Lane of the newest label in `labels`, -1 for unknown. */
  currentIndex = -1;
  /** @type {Revision[]} newest last */
  revisions = [];
  /** @type {Map<string, number>} */
  timesRevised = new Map();
  /** @type {Map<string, Curve>} by label */
  curves = new Map();
  unknown = new Stretches();
  store = new SegmentStore();
  /** @type {Map<string, Stretches>} by label */
  #present = new Map();
  /** @type {Entry[] | null} */
  #entries = null;
  #config = 0;
  #isCalibrated = true;

  /**
   * @param {ServerMessage} message
   * @param {number} nowMs
   * @returns {boolean} whether the timeline looks different now
   */
  receive(message, nowMs) {
    this.#entries = null;
    if (message.type === "segment") this.#revise(message, nowMs);
    else if (message.type === "welcome") this.#isCalibrated = message.video?.calibrated ?? true;
    const isNews = this.store.receive(message);
    if (message.type === "configured") this.#configured(message);
    else if (message.type === "label") this.#label(message);
    else if (message.type === "heatmap") this.#heatmap(message);
    else if (message.type === "segment") this.seenFrom(message.start_s);
    else return message.type === "welcome";
    return isNews;
  }

  /**
   * Something of that capture time exists: the axis begins no later.
   * @param {number} timeS
   */
  seenFrom(timeS) {
    if (!(this.originS <= timeS)) this.originS = timeS;
  }

  /** Those that stand, by time, with their keys. */
  get entries() {
    if (this.#present.size === 0) return this.store.entries;
    this.#entries ??= this.#withPresence();
    return this.#entries;
  }

  /** @returns {Entry[]} */
  #withPresence() {
    /** @type {Entry[]} */
    const entries = [...this.store.entries];
    for (const [label, stretches] of this.#present) {
      const index = this.labels.indexOf(label);
      for (const stretch of stretches.all) {
        const isOpen = stretches.open && stretch === stretches.all[stretches.all.length - 1];
        entries.push({
          key: `seen/${label}/${stretch.id}`,
          segment: segmentOf(stretch, label, index, isOpen),
        });
      }
    }
    return entries.sort((a, b) => a.segment.start_s - b.segment.start_s);
  }

  /**
   * The lanes: what is looked for, the unknown, and earlier words seen between those times.
   * @param {number} fromS
   * @param {number} toS
   * @returns {Lane[]}
   */
  lanes(fromS, toS) {
    /** @type {Lane[]} */
    const lanes = this.labels.map((label, index) => ({ label, index, kind: "step" }));
    if (lanes.length) lanes.push({ label: UNKNOWN, index: -1, kind: "unknown" });
    const there = new Set(this.labels);
    for (const { segment } of this.entries) {
      if (there.has(segment.label) || segment.end_s < fromS || segment.start_s > toS) continue;
      there.add(segment.label);
      lanes.push({ label: segment.label, index: -1, kind: "earlier" });
    }
    return lanes;
  }

  /** Capture time before which segments are final; NaN while that means nothing. */
  get commitS() {
    return this.horizonS > 0 ? this.newestS - this.horizonS : NaN;
  }

  /** @param {import("../protocol.js").Configured} message */
  #configured(message) {
    this.labels = message.labels;
    this.mode = message.mode;
    this.horizonS = message.horizon_s;
    this.lookaheadS = message.lookahead_s;
    this.#config = message.config;
    for (const stretches of this.#present.values()) stretches.open = false;
    forget(this.curves, message.labels);
    forget(this.#present, message.labels);
    this.unknown.open = false;
  }

  /** @param {import("../protocol.js").Label} message */
  #label(message) {
    this.#reached(message.time_s);
    this.currentIndex = message.config === this.#config ? message.index : -1;
    if (message.config === this.#config) {
      message.scores.forEach((score, index) => this.#score(index, message.time_s, score));
    }
    if (message.index < 0) this.unknown.seen(message.time_s, message.score, message.config);
    else this.unknown.unseen(message.time_s);
  }

  /** @param {import("../protocol.js").Heatmap} message */
  #heatmap(message) {
    if (message.config !== this.#config) return;
    this.#reached(message.time_s);
    const present = seen(message.heats, this.#isCalibrated);
    for (const heat of message.heats) {
      this.#score(heat.index, message.time_s, heat.presence);
      const label = this.labels[heat.index];
      let stretches = this.#present.get(label);
      if (stretches === undefined) this.#present.set(label, (stretches = new Stretches()));
      const score = this.#isCalibrated ? heat.presence : NaN;
      if (present.includes(heat)) stretches.seen(message.time_s, score, message.config);
      else stretches.unseen(message.time_s);
    }
    if (present.length) this.unknown.unseen(message.time_s);
    else this.unknown.seen(message.time_s, 0, message.config);
  }

  /** @param {number} timeS */
  #reached(timeS) {
    this.newestS = timeS;
    this.seenFrom(timeS);
  }

  /**
   * @param {number} index
   * @param {number} timeS
   * @param {number} score
   */
  #score(index, timeS, score) {
    const label = this.labels[index];
    let curve = this.curves.get(label);
    if (curve === undefined) this.curves.set(label, (curve = new Curve()));
    curve.push(timeS, score);
  }

  /**
   * Note when a segment that was already told is told otherwise.
   * @param {Segment} segment
   * @param {number} nowMs
   */
  #revise(segment, nowMs) {
    const key = this.store.keyOf(segment);
    const before = this.store.get(key);
    if (before === undefined || before.state === "retracted") return;
    const moved =
      segment.state === "retracted" ||
      segment.label !== before.label ||
      Math.abs(segment.start_s - before.start_s) > MOVED_S ||
      before.end_s - segment.end_s > MOVED_S;
    if (!moved) return;
    this.timesRevised.set(key, (this.timesRevised.get(key) ?? 0) + 1);
    this.revisions = this.revisions.filter((each) => nowMs - each.atMs < REVISION_MS);
    this.revisions.push({ key, before, atMs: nowMs });
  }
}

/**
 * Let go of the oldest words that are asked for no longer.
 * @param {Map<string, unknown>} byLabel
 * @param {string[]} labels in force
 */
function forget(byLabel, labels) {
  for (const label of [...byLabel.keys()]) {
    if (byLabel.size > REMEMBERED && !labels.includes(label)) byLabel.delete(label);
  }
}

/**
 * @param {import("./stretches.js").Stretch} stretch
 * @param {string} label
 * @param {number} index
 * @param {boolean} isOpen
 * @returns {Segment}
 */
function segmentOf(stretch, label, index, isOpen) {
  return {
    type: "segment",
    config: stretch.config,
    id: stretch.id,
    index,
    label,
    start_s: stretch.startS,
    end_s: stretch.endS,
    score: stretch.score,
    state: isOpen ? "provisional" : "final",
  };
}
