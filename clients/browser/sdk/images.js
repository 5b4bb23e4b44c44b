/** Frames of a playing video to JPEG images, no more than the server takes in. */

import { capturedS, onFrame } from "./frame_times.js";
import { Pacing } from "./pacing.js";

/**
 * @typedef {object} Outlet
 * @property {(jpeg: Uint8Array, timeS: number) => void} image
 * @property {() => number} waitingBytes
 * @property {() => boolean} open
 */

export class ImageSource {
  #canvas = document.createElement("canvas");
  #pacing = new Pacing();
  #busy = false;
  #stopped = false;

  /**
   * @param {HTMLVideoElement} video playing
   * @param {number} sizePx pixels beyond this square are of no use to the model
   * @param {Outlet} outlet
   */
  constructor(video, sizePx, outlet) {
    this.video = video;
    this.sizePx = sizePx;
    this.outlet = outlet;
    this.#next();
  }

  /** An image was sent. @param {number} seq */
  sent(seq) {
    this.#pacing.sent(seq, seconds(performance.now()));
  }

  /** The server has told what became of frame `seq` and of all before it.
   * @param {number} seq
   * @param {number} serverS
   */
  outcome(seq, serverS) {
    this.#pacing.outcome(seq, seconds(performance.now()), serverS);
  }

  stop() {
    this.#stopped = true;
  }

  #next() {
    if (this.#stopped) return;
    onFrame(this.video, (nowMs, frame) => this.#frame(capturedS(this.video, nowMs, frame)));
  }

  /** @param {number} timeS */
  #frame(timeS) {
    this.#next();
    const nowS = seconds(performance.now());
    if (this.#busy || !this.outlet.open() || this.video.readyState < 2 || this.video.paused) return;
    if (!this.#pacing.free(nowS, this.outlet.waitingBytes())) return;
    this.#busy = true;
    this.#draw();
    this.#canvas.toBlob((blob) => this.#send(blob, timeS), "image/jpeg", this.#pacing.quality);
  }

  /** Both sides no shorter than the model needs, and no larger than the picture is. */
  #draw() {
    const { videoWidth, videoHeight } = this.video;
    const share = Math.min(1, this.sizePx / Math.min(videoWidth, videoHeight));
    this.#canvas.width = Math.round(videoWidth * share);
    this.#canvas.height = Math.round(videoHeight * share);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    context.drawImage(this.video, 0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * @param {Blob | null} blob
   * @param {number} timeS
   */
  async #send(blob, timeS) {
    const jpeg = blob && new Uint8Array(await blob.arrayBuffer());
    this.#busy = false;
    if (!jpeg || this.#stopped || !this.outlet.open()) return;
    this.outlet.image(jpeg, timeS);
  }
}

/** @param {number} ms */
function seconds(ms) {
  return ms / 1000;
}
