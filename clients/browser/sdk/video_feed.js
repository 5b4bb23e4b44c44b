/** Which video a session sends, over whatever link it has at the time. */

import { ImageSource } from "./images.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {HTMLVideoElement | MediaStreamTrack} VideoSource
 */

/** Where the server's welcome does not say it. */
const SIZE_PX = 224;

export class VideoFeed {
  /** @type {VideoSource | null} */
  #source = null;
  /** @type {ImageSource | null} */
  #images = null;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    session.on("state", () => this.#attach());
    session.on("configured", () => this.#attach());
    session.on("sent", (frame) => frame.type === "image" && this.#images?.sent(frame.seq));
    session.on("heatmap", (heatmap) => this.#images?.outcome(heatmap.seq, heatmap.age_ms / 1000));
    session.on("dropped", (dropped) => this.#images?.outcome(dropped.last_seq, 0));
    session.on("error", (error) => this.#images?.outcome(error.seq ?? -1, 0));
  }

  /** @param {VideoSource | null} source */
  show(source) {
    this.#source = source;
    this.#images?.stop();
    this.#images = null;
    this.#attach();
  }

  #attach() {
    const link = this.session.outlet;
    if (this.session.over || link === null || link.track !== null) {
      this.#images?.stop();
      this.#images = null;
    }
    if (link?.track) link.track(trackOf(this.#source));
    else if (link && this.#source && !this.#images) this.#images = this.#imagesOf(this.#source);
  }

  /** @param {VideoSource} source */
  #imagesOf(source) {
    const { session } = this;
    return new ImageSource(videoOf(source), session.welcome?.video?.size_px ?? SIZE_PX, {
      image: (jpeg, timeS) => session.sendImage(jpeg, timeS),
      waitingBytes: () => session.outlet?.waitingBytes() ?? 0,
      open: () => session.outlet !== null,
    });
  }
}

/**
 * @param {VideoSource | null} source
 * @returns {MediaStreamTrack | null} null where this browser can make no track of an element
 */
function trackOf(source) {
  if (source === null || source instanceof MediaStreamTrack) return source;
  if (source.srcObject instanceof MediaStream) return source.srcObject.getVideoTracks()[0] ?? null;
  const element = /** @type {HTMLVideoElement & {captureStream?: () => MediaStream}} */ (source);
  return element.captureStream?.().getVideoTracks()[0] ?? null;
}

/** @param {VideoSource} source */
function videoOf(source) {
  if (source instanceof HTMLVideoElement) return source;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([source]);
  video.play();
  return video;
}
