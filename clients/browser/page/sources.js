/**
 * Where motion and pictures come from. A source begins when it is chosen and gives what it has to the
 * page: poses, a video, or both.
 */

import { closeCamera, openCamera } from "../sources/camera.js";
import { PoseCamera, PoseError } from "../sources/pose_camera.js";
import { perform, resampled, routineOf, seeded } from "../sources/performer.js";
import { Player } from "../sources/player.js";
import { FilmReel, MotionReel } from "../sources/reels.js";
import { readNpz } from "../sources/npz.js";

/**
 * @typedef {object} Stage what the page offers a source
 * @property {HTMLVideoElement} video
 * @property {(joints: Float32Array, timeS: number, skeleton: "smpl22" | "mediapipe33") => void} pose
 * @property {(text: string) => void} noPoses they cannot be found in the picture, and why
 * @property {(joints: Float32Array) => void} look show a body that is looked at while playing is held
 * @property {() => void} ended
 *
 * @typedef {object} Running
 * @property {string} text what it is, in the badges
 * @property {HTMLVideoElement | null} shown what the picture shows
 * @property {HTMLVideoElement | null} sent the video that the server gets; null for none
 * @property {boolean} mirrored a person before a camera expects a mirror
 * @property {import("../sources/reels.js").Reel | null} reel of what is recorded; it waits to be played
 * @property {() => void} stop
 *
 * @typedef {{words: string, mode: import("./ask.js").Mode}} Suggestion
 */

const PERFORMER_HZ = 60;
const ROUTINE = "../performer/routine.npz";

/** @type {Record<string, Suggestion>} */
export const SUGGESTIONS = {
  camera: { words: "waves, raises both arms, claps their hands, sits down, stands up", mode: "watch" },
  private: { words: "waves, raises both arms, claps their hands, sits down, stands up", mode: "watch" },
  performer: {
    words:
      "walks forward, jumps, does a squat, kicks with the right foot, waves with the right hand, claps their hands, raises both arms, sits down",
    mode: "watch",
  },
};

/**
 * The synthetic performer, at 60 Hz. No camera, no picture.
 * @param {Stage} stage
 * @returns {Promise<Running>}
 */
export async function performer(stage) {
  const file = await fetch(new URL(ROUTINE, import.meta.url));
  const routine = routineOf(await readNpz(await file.arrayBuffer()));
  const frames = resampled(perform(routine, seeded(1)), routine.rateHz, PERFORMER_HZ);
  const player = new Player(frames, PERFORMER_HZ, (frame, timeS) => stage.pose(frame.joints, timeS, "smpl22"));
  return running("synthetic performer, 60 Hz", { stop: () => player.stop() });
}

/**
 * The camera: its picture to the server, and poses found in the browser where that can be done.
 * @param {Stage} stage
 * @param {boolean} isPrivate the picture stays here; only positions of joints are sent
 * @returns {Promise<Running>}
 */
export async function camera(stage, isPrivate) {
  const stream = await openCamera();
  stream.getVideoTracks()[0].addEventListener("ended", () => stage.ended());
  stage.video.srcObject = stream;
  await stage.video.play();
  const stopPoses = poses(stage);
  const stop = () => {
    stopPoses();
    closeCamera(stream);
    stage.video.srcObject = null;
  };
  const size = `${stage.video.videoWidth} × ${stage.video.videoHeight}`;
  return running(isPrivate ? `private camera, ${size}, picture stays here` : `camera, ${size}`, {
    shown: stage.video,
    sent: isPrivate ? null : stage.video,
    mirrored: true,
    stop,
  });
}

/**
 * A video file. Its frames have its own times: so have labels and exports.
 * @param {Stage} stage
 * @param {File} file
 * @returns {Promise<Running>}
 */
export async function film(stage, file) {
  const address = URL.createObjectURL(file);
  try {
    await loaded(stage.video, address);
  } catch {
    URL.revokeObjectURL(address);
    throw new Error(`${file.name}: this browser cannot play it. Try MP4 (H.264) or WebM.`);
  }
  const stopPoses = poses(stage);
  const over = new AbortController();
  stage.video.addEventListener("ended", () => stage.ended(), { signal: over.signal });
  const stop = () => {
    over.abort();
    stopPoses();
    stage.video.removeAttribute("src");
    stage.video.load();
    URL.revokeObjectURL(address);
  };
  const reel = new FilmReel(stage.video);
  return running(file.name, { shown: stage.video, sent: stage.video, reel, stop });
}

/**
 * Recorded motion.
 * @param {Stage} stage
 * @param {import("./files.js").Take} take
 * @returns {Running}
 */
export function recording(stage, take) {
  const reel = new MotionReel(take.frames, take.rateHz, {
    played: (joints, timeS) => stage.pose(joints, timeS, "smpl22"),
    looked: (joints) => stage.look(joints),
    ended: () => stage.ended(),
  });
  return running(`${take.name}, ${take.rateHz.toFixed(0)} Hz`, { reel, stop: () => reel.stop() });
}

/**
 * @param {string} text
 * @param {Partial<Running>} rest
 * @returns {Running}
 */
function running(text, rest) {
  return { text, shown: null, sent: null, mirrored: false, reel: null, stop: () => {}, ...rest };
}

/**
 * @param {HTMLVideoElement} video
 * @param {string} address
 * @returns {Promise<void>}
 */
function loaded(video, address) {
  return new Promise((resolve, reject) => {
    video.addEventListener("loadeddata", () => resolve(), { once: true });
    video.addEventListener("error", reject, { once: true });
    video.src = address;
  });
}

/**
 * Find poses in what the video shows, as soon as MediaPipe is loaded; the picture does not wait for it.
 * @param {Stage} stage
 * @returns {() => void} stops it
 */
function poses(stage) {
  let stopped = false;
  /** @type {PoseCamera | null} */
  let camera = null;
  PoseCamera.start(stage.video, (joints, timeS) => stage.pose(joints, timeS, "mediapipe33")).then(
    (started) => {
      camera = started;
      if (stopped) camera.stop();
    },
    (fault) => {
      if (!stopped) stage.noPoses(fault instanceof PoseError ? fault.message : String(fault));
    },
  );
  return () => {
    stopped = true;
    camera?.stop();
  };
}
