/**
 * A recording that is played to the server, from any place. What the server has made of it stays while
 * it is held and looked into; playing on from another place asks anew: the timeline begins there.
 * Pure.
 */

/** Places closer than this are the same. */
const SAME_S = 0.02;

/** @typedef {import("../sources/reels.js").Reel} Reel */

export class Playing {
  /** Up to where it was played to the sessions. */
  #leftS = 0;
  #over = true;
  #beginning = false;
  #turn = 0;

  /**
   * @param {Reel} reel
   * @param {() => Promise<void>} begin begin new sessions; done when they take frames
   */
  constructor(reel, begin) {
    this.reel = reel;
    this.begin = begin;
  }

  get durationS() {
    return this.reel.durationS;
  }

  get positionS() {
    return this.reel.positionS;
  }

  get playing() {
    return this.#beginning || this.reel.playing;
  }

  /** Whether another place is looked at than where the sessions were left. */
  get elsewhere() {
    return !this.playing && Math.abs(this.positionS - this.#leftS) >= SAME_S;
  }

  /** What is looked at, for the timeline; NaN where that is where the sessions were left. */
  get cursorS() {
    return this.elsewhere ? this.positionS : NaN;
  }

  get hint() {
    return this.elsewhere ? "Play begins a new timeline here." : "Held, it can be looked into: the timeline stays.";
  }

  get #needsNew() {
    return this.#over || Math.abs(this.positionS - this.#leftS) >= SAME_S;
  }

  async play() {
    if (this.playing) return;
    const mine = (this.#turn += 1);
    if (this.#needsNew) {
      this.#over = this.#beginning = true;
      await this.begin();
      if (mine !== this.#turn) return;
      this.#over = this.#beginning = false;
    }
    this.reel.play();
  }

  pause() {
    this.#turn += 1;
    this.#beginning = false;
    if (!this.reel.playing) return;
    this.reel.pause();
    this.#leftS = this.positionS;
  }

  /** @param {number} positionS */
  look(positionS) {
    this.pause();
    this.reel.look(positionS);
  }

  /** All was played: the sessions have ended. */
  ended() {
    this.#leftS = this.positionS;
    this.#over = true;
  }

  stop() {
    this.#turn += 1;
    this.reel.stop();
  }
}
