/**
 * The door of the SDK:
 *
 *     const session = connect("ws://127.0.0.1:8765/v1/stream", { kind: "video" });
 *     session.on("heatmap", (heatmap) => ...);
 *     await session.configure({ prompts: ["waves"] });
 *     session.sendVideo(videoElement);
 */

import { TransportError } from "./errors.js";
import { Session } from "./session.js";
import { openWebSocket } from "./websocket.js";
import { openWhip } from "./whip.js";

/**
 * @typedef {import("./link.js").Opener} Opener
 * @typedef {import("./session_types.js").SessionOptions & {
 *   transport?: "auto" | "websocket" | "webrtc", iceServers?: RTCIceServer[],
 *   onFallback?: (cause: TransportError) => void}} ConnectOptions
 */

/**
 * Begin a session; it connects, and connects again, by itself.
 * @param {string} url of the WebSocket: `ws://HOST:8765/v1/stream`
 * @param {ConnectOptions} [options] `transport`: auto takes WebRTC for video and a WebSocket where
 *   that cannot work, or for motion; `onFallback` then hears why
 * @returns {Session}
 */
export function connect(url, options = {}) {
  const transport = options.transport ?? (options.kind === "video" ? "auto" : "websocket");
  if (transport === "websocket") return new Session((ears) => openWebSocket(url, ears), options);
  /** @type {Opener} */
  const whip = (ears) => openWhip(whipUrl(url), ears, options);
  if (transport === "webrtc") return new Session(whip, options);
  return new Session(falling(whip, (ears) => openWebSocket(url, ears), options.onFallback), options);
}

/**
 * The first opener until it turns out that it cannot work here; from then on the second.
 * @param {Opener} first
 * @param {Opener} second
 * @param {(cause: TransportError) => void} [onFallback]
 * @returns {Opener}
 */
export function falling(first, second, onFallback = () => {}) {
  let opener = first;
  return async (ears) => {
    try {
      return await opener(ears);
    } catch (fault) {
      if (!(fault instanceof TransportError) || opener === second) throw fault;
      opener = second;
      onFallback(fault);
      return second(ears);
    }
  };
}

/** @param {string} url of the WebSocket */
export function whipUrl(url) {
  return url.replace(/^ws/, "http").replace(/\/v1\/stream$/, "/v1/whip");
}
