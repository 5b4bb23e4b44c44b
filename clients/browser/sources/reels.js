/**
 * What is recorded can be played from any place, held, and looked into while it is held. Times are the
 * recording's own: seconds from its beginning.
 */

import { Player } from "./player.js";

/**
 * @typedef {object} Reel
 * @property {number} durationS
 * @property {number} positionS
 * @property {boolean} playing
 * @property {() => void} play on from where it is; from the beginning where it had ended
 * @property {() => void} pause
 * @property {(positionS: number) => void} look show that place; only while it is held
 * @property {() => void} stop for good
 */

/** Recorded motion. @implements {Reel} */
export class MotionReel {
  #next = 0;
  /** @type {Player | null} */
  #player = null;

  /**
   * @param {Float32Array[]} frames of 22 joints each
   * @param {number} rateHz
   * @param {object} ears
   * @param {(joints: Float32Array, timeS: number) => void} ears.played
   * @param {(joints: Float32Array) => void} ears.looked
   * @param {() => void} ears.ended
   */
  constructor(frames, rateHz, ears) {
    this.frames = frames;
    this.rateHz = rateHz;
    this.ears = ears;
  }

  get durationS() {
    return this.frames.length / this.rateHz;
  }

  get positionS() {
    return this.#next / this.rateHz;
  }

  get playing() {
    return this.#player !== null;
  }

  play() {
    if (this.playing) return;
    if (this.#next >= this.frames.length) this.#next = 0;
    const rest = this.frames.slice(this.#next).map((joints) => ({ joints }));
    this.#player = new Player(
      rest.values(),
      this.rateHz,
      (frame, timeS) => {
        this.#next += 1;
        this.ears.played(frame.joints, timeS);
      },
      { fromS: this.positionS, ended: () => this.#ended() },
    );
  }

  pause() {
    this.#player?.stop();
    this.#player = null;
  }

  /** @param {number} positionS */
  look(positionS) {
    const frame = Math.round(positionS * this.rateHz);
    this.#next = Math.min(this.frames.length - 1, Math.max(0, frame));
    this.ears.looked(this.frames[this.#next]);
  }

  stop() {
    this.pause();
  }

  #ended() {
    this.pause();
    this.ears.ended();
  }
}

/** A film in a video element. @implements {Reel} */
export class FilmReel {
  /** @param {HTMLVideoElement} video with its metadata */
  constructor(video) {
    this.video = video;
  }

  get durationS() {
    return this.video.duration;
  }

  get positionS() {
    return this.video.currentTime;
  }

  get playing() {
    return !this.video.paused && !this.video.ended;
  }

  play() {
    this.video.play().catch(() => {}); // left before it began
  }

  pause() {
    this.video.pause();
  }

  /** @param {number} positionS */
  look(positionS) {
    this.video.currentTime = positionS;
  }

  stop() {
    this.pause();
  }
}
