/**
 * Poses in pictures, beside the page's own thread: in comes `{bitmap, timeMs}` with growing times, out
 * goes `{joints}`, 33 world landmarks in metres or null for nobody. Before that `{ready}` or `{fault}`.
 *
 * A classic worker: MediaPipe loads its WebAssembly by `importScripts`.
 */

const FOLDER = new URL("../pose/", self.location.href).href;

// MediaPipe tells its whole start-up as errors; what truly fails is told by `fault`.
console.error = console.debug;

/** @typedef {{bitmap: ImageBitmap, timeMs: number}} Frame */

/** @type {Promise<any>} */
const landmarker = load();
landmarker.then(
  () => self.postMessage({ ready: true }),
  (fault) => self.postMessage({ fault: String(fault) }),
);

self.onmessage = async (/** @type {MessageEvent<Frame>} */ event) => {
  const { bitmap, timeMs } = event.data;
  const found = (await landmarker).detectForVideo(bitmap, timeMs);
  bitmap.close();
  const [landmarks] = found.worldLandmarks;
  const joints = landmarks
    ? Float32Array.from(landmarks.flatMap((/** @type {any} */ { x, y, z }) => [x, y, z]))
    : null;
  self.postMessage({ joints });
};

async function load() {
  const { FilesetResolver, PoseLandmarker } = await import(`${FOLDER}vision_bundle.mjs`);
  return PoseLandmarker.createFromOptions(await FilesetResolver.forVisionTasks(`${FOLDER}wasm`), {
    baseOptions: { modelAssetPath: `${FOLDER}pose_landmarker.task`, delegate: "CPU" },
    runningMode: "VIDEO",
    numPoses: 1,
  });
}
