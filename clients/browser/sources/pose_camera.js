/**
 * Poses of one person in a playing video, found in this browser by MediaPipe Pose: no picture leaves
 * the device. The server hands out MediaPipe once `liveground` has fetched it (`stream/pose_files.py`).
 */

/** Poses cannot be found here; the text says what to do. */
export class PoseError extends Error {
  name = "PoseError";
}

/**
 * @typedef {{x: number, y: number, z: number, visibility?: number}} Landmark
 * @typedef {{poseWorldLandmarks?: Landmark[]}} Found
 * @typedef {object} MediaPipePose the part of https://google.github.io/mediapipe/solutions/pose in use
 * @property {(options: {modelComplexity: number, smoothLandmarks: boolean}) => void} setOptions
 * @property {(take: (found: Found) => void) => void} onResults
 * @property {() => Promise<void>} initialize
 * @property {(input: {image: HTMLVideoElement}) => Promise<void>} send
 * @property {() => Promise<void>} close
 *
 * @typedef {(joints: Float32Array, timeS: number) => void} Taker
 */

const FOLDER = new URL("../pose/", import.meta.url).href;
const LITE = 0;
const MISSING =
  "Finding poses needs MediaPipe, which this server does not have yet. Run `python -m stream.pose_files` there once, and choose the camera again.";

export class PoseCamera {
  #stopped = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {MediaPipePose} pose
   */
  constructor(video, pose) {
    this.video = video;
    this.pose = pose;
    this.#run();
  }

  /**
   * Load MediaPipe and begin.
   * @param {HTMLVideoElement} video playing
   * @param {Taker} take 33 world landmarks, metres, with the capture time of their frame in seconds
   * @returns {Promise<PoseCamera>}
   * @throws {PoseError}
   */
  static async start(video, take) {
    const Pose = await load();
    const pose = new Pose({ locateFile: (name) => FOLDER + name });
    pose.setOptions({ modelComplexity: LITE, smoothLandmarks: true });
    await pose.initialize().catch((fault) => {
      throw new PoseError(`MediaPipe cannot run in this browser (${fault}). Poses need WebGL.`);
    });
    const camera = new PoseCamera(video, pose);
    pose.onResults((found) => {
      if (found.poseWorldLandmarks) take(jointsOf(found.poseWorldLandmarks), camera.capturedMs / 1000);
    });
    return camera;
  }

  stop() {
    this.#stopped = true;
    this.pose.close();
  }

  async #run() {
    for (;;) {
      this.capturedMs = await nextFrame(this.video);
      if (this.#stopped) return;
      await this.pose.send({ image: this.video });
    }
  }

  capturedMs = 0;
}

/**
 * @param {Landmark[]} landmarks
 * @returns {Float32Array} (33, 3)
 */
export function jointsOf(landmarks) {
  return Float32Array.from(landmarks.flatMap(({ x, y, z }) => [x, y, z]));
}

/** @returns {Promise<new (options: {locateFile: (name: string) => string}) => MediaPipePose>} */
async function load() {
  const known = /** @type {any} */ (globalThis).Pose;
  if (known) return known;
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${FOLDER}pose.js`;
    script.onload = resolve;
    script.onerror = () => reject(new PoseError(MISSING));
    document.head.append(script);
  });
  return /** @type {any} */ (globalThis).Pose;
}

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<number>} when the next frame was captured, milliseconds of `performance.now()`
 */
function nextFrame(video) {
  return new Promise((resolve) => {
    if ("requestVideoFrameCallback" in video) {
      video.requestVideoFrameCallback((nowMs, frame) => resolve(frame.captureTime ?? nowMs));
    } else requestAnimationFrame(resolve);
  });
}
