/**
 * All segments as last told, and which of them stand; the counterpart of
 * `clients/python/segments.py`. Pure.
 *
 * Where the server answers the same question anew (`configured.cause`), the new segments take the
 * place of the older configurations' from `since_s` on.
 */

/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {import("../protocol.js").ServerMessage} ServerMessage */
/** @typedef {{session: string, first: number, config: number, sinceS: number}} Anew */
/** @typedef {{key: string, session: string, segment: Segment}} Told */

/** Segments that are kept; the oldest go first. Hours of them. */
const KEPT = 5000;

export class SegmentStore {
  /** @type {Map<string, Told>} */
  #told = new Map();
  /** @type {Map<string, number>} */
  #asked = new Map();
  /** @type {Anew[]} */
  #anew = [];
  #session = "";
  #askedLast = 0;
  /** @type {Told[] | null} */
  #standing = null;

  /**
   * Take any message; says whether it is news: a resumed session tells its segments again.
   * @param {ServerMessage} message
   * @returns {boolean}
   */
  receive(message) {
    if (message.type === "welcome") this.#session = message.session;
    else if (message.type === "configured") this.#configured(message);
    else if (message.type === "segment") return this.#segment(message);
    return true;
  }

  /**
   * What a segment is known by in this store.
   * @param {Segment} segment of the present session
   */
  keyOf(segment) {
    return `${this.#session}/${segment.config}/${segment.id}`;
  }

  /**
   * @param {string} key
   * @returns {Segment | undefined}
   */
  get(key) {
    return this.#told.get(key)?.segment;
  }

  /** All that were not taken back and not told anew, by time, with their keys. */
  get entries() {
    this.#standing ??= [...this.#told.values()]
      .filter(({ session, segment }) => this.#stands(session, segment))
      .sort((a, b) => a.segment.start_s - b.segment.start_s);
    return this.#standing;
  }

  /** @returns {Segment[]} all that stand, by time */
  get standing() {
    return this.entries.map((entry) => entry.segment);
  }

  /** @returns {Segment[]} those that never change any more, by time */
  get finals() {
    return this.standing.filter((segment) => segment.state === "final");
  }

  /** @param {import("../protocol.js").Configured} message */
  #configured(message) {
    const again = message.cause !== undefined && message.cause !== "configure";
    if (!again) this.#askedLast = message.config;
    this.#asked.set(`${this.#session}/${message.config}`, this.#askedLast);
    if (again && message.since_s !== undefined) {
      this.#anew.push({
        session: this.#session,
        first: this.#askedLast,
        config: message.config,
        sinceS: message.since_s,
      });
    }
    this.#standing = null;
  }

  /** @param {Segment} segment */
  #segment(segment) {
    const key = this.keyOf(segment);
    const before = this.#told.get(key)?.segment;
    this.#told.set(key, { key, session: this.#session, segment });
    if (this.#told.size > KEPT) this.#told.delete(this.#told.keys().next().value ?? "");
    const isNews = before === undefined || !same(before, segment);
    if (isNews) this.#standing = null;
    return isNews;
  }

  /**
   * @param {string} session
   * @param {Segment} segment
   */
  #stands(session, segment) {
    if (segment.state === "retracted") return false;
    const middleS = (segment.start_s + segment.end_s) / 2;
    const asked = this.#asked.get(`${session}/${segment.config}`) ?? segment.config;
    return !this.#anew.some(
      (anew) =>
        anew.session === session &&
        anew.first === asked &&
        segment.config < anew.config &&
        middleS >= anew.sinceS,
    );
  }
}

/**
 * @param {Segment} a
 * @param {Segment} b
 */
function same(a, b) {
  return (
    a.start_s === b.start_s &&
    a.end_s === b.end_s &&
    a.score === b.score &&
    a.state === b.state &&
    a.index === b.index &&
    a.label === b.label
  );
}
