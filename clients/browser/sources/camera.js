/** The camera, and what to tell a person when there is none. */

/** There is no picture; the text says why and what to do. */
export class CameraError extends Error {
  name = "CameraError";
}

/** @type {Record<string, string>} */
const WHY = {
  NotAllowedError: "The camera was not allowed. Allow it in the address bar, then choose the camera again.",
  NotFoundError: "This device has no camera. Take the performer, or drop a file on the picture.",
  NotReadableError: "Another program uses the camera. Close it there, then choose the camera again.",
  OverconstrainedError: "This camera cannot give such a picture. Choose another one.",
  AbortError: "The camera stopped. Choose it again.",
};

/**
 * Ask for the camera.
 * @returns {Promise<MediaStream>} its picture, about 640 x 480 at 30 a second; no sound
 * @throws {CameraError}
 */
export async function openCamera() {
  if (!navigator.mediaDevices) {
    throw new CameraError(
      `Browsers give the camera only to pages from https:// or from this machine itself, and this page is from ${location.origin}.`,
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
    });
  } catch (fault) {
    const name = fault instanceof DOMException ? fault.name : "";
    throw new CameraError(WHY[name] ?? `The camera cannot be opened (${name || fault}).`);
  }
}

/** Let go of the camera: its light goes out. @param {MediaStream} stream */
export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
}
