/**
 * Poses of one person in a playing video, found in this browser by MediaPipe: no picture leaves the
 * device. The server hands out MediaPipe once it has fetched it (`stream/pose_files.py`).
 */

import { capturedS, onFrame } from "../sdk/frame_times.js";

/** Poses cannot be found here; the text says what to do. */
export class PoseError extends Error {
  name = "PoseError";
}

/**
 * @typedef {(joints: Float32Array, timeS: number) => void} Taker
 * @typedef {{ready?: boolean, fault?: string, joints?: Float32Array | null}} Answer
 */

/** Whether it is there, and what to do if not. */
const AVAILABLE = new URL("../pose.json", import.meta.url);
const WORKER = new URL("./pose_worker.js", import.meta.url);
/** Pixels beyond are of no use to the model. */
const HEIGHT_PX = 360;
/** The motion model has 20 frames a second. */
const PERIOD_MS = 50;
/** Of the time, on slow machines: the rest is for the page and, on the same machine, the server. */
const BUSY_SHARE = 0.5;

export class PoseCamera {
  #stopped = false;
  #beganMs = 0;
  /** Of the picture that is being looked at; NaN once the film was moved elsewhere. */
  #capturedS = NaN;

  /**
   * @param {HTMLVideoElement} video playing
   * @param {Worker} worker ready
   * @param {Taker} take 33 world landmarks, metres, with the capture time of their frame in seconds
   */
  constructor(video, worker, take) {
    this.video = video;
    this.worker = worker;
    this.take = take;
    worker.onmessage = (event) => this.#found(event.data);
    video.addEventListener("seeking", this.#elsewhere);
    this.#look();
  }

  /**
   * Load MediaPipe and begin.
   * @param {HTMLVideoElement} video playing
   * @param {Taker} take
   * @returns {Promise<PoseCamera>}
   * @throws {PoseError}
   */
  static async start(video, take) {
    const { ready, how } = await (await fetch(AVAILABLE)).json();
    if (!ready) {
      throw new PoseError(`To find poses this server needs MediaPipe: run \`${how}\` there once, and begin again.`);
    }
    const worker = new Worker(WORKER);
    const { fault } = await new Promise((resolve) => {
      worker.onmessage = (event) => resolve(/** @type {Answer} */ (event.data));
      worker.onerror = (event) => resolve({ fault: event.message });
    });
    if (fault === undefined) return new PoseCamera(video, worker, take);
    worker.terminate();
    throw new PoseError(`MediaPipe cannot run in this browser: ${fault}`);
  }

  stop() {
    this.#stopped = true;
    this.video.removeEventListener("seeking", this.#elsewhere);
    this.worker.terminate();
  }

  #elsewhere = () => {
    this.#capturedS = NaN;
  };

  async #look() {
    const capturedS = await nextFrame(this.video);
    if (this.#stopped) return;
    this.#capturedS = capturedS;
    this.#beganMs = performance.now();
    const bitmap = await createImageBitmap(this.video, {
      resizeHeight: Math.min(HEIGHT_PX, this.video.videoHeight),
    });
    this.worker.postMessage({ bitmap, timeMs: this.#beganMs }, [bitmap]);
  }

  /** @param {Answer} answer */
  #found({ joints }) {
    if (this.#stopped) return;
    if (joints && !Number.isNaN(this.#capturedS)) this.take(joints, this.#capturedS);
    const tookMs = performance.now() - this.#beganMs;
    setTimeout(() => this.#look(), Math.max(PERIOD_MS, tookMs / BUSY_SHARE) - tookMs);
  }
}

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<number>} its capture time, see `capturedS`
 */
function nextFrame(video) {
  return new Promise((resolve) => {
    onFrame(video, (nowMs, frame) => resolve(capturedS(video, nowMs, frame)));
  });
}
