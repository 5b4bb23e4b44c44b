/** When the frames of a playing video were captured. */

/** @typedef {VideoFrameCallbackMetadata | undefined} Metadata */

/**
 * Call once when the next frame shows.
 * @param {HTMLVideoElement} video
 * @param {(nowMs: number, frame: Metadata) => void} take
 */
export function onFrame(video, take) {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(take);
  else requestAnimationFrame((nowMs) => take(nowMs, undefined));
}

/**
 * Capture time of a frame, seconds: of a camera on the clock of `performance.now()`, of a film its own.
 * @param {HTMLVideoElement} video
 * @param {number} nowMs
 * @param {Metadata} frame
 */
export function capturedS(video, nowMs, frame) {
  if (video.srcObject) return (frame?.captureTime ?? nowMs) / 1000;
  return frame?.mediaTime ?? video.currentTime;
}
