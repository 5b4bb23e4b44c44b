/** A connection by WebSocket. */

import { decode, encode, ProtocolError, SUBPROTOCOLS } from "../protocol.js";
import { SessionError } from "./errors.js";

/**
 * @typedef {import("./link.js").Ears} Ears
 * @typedef {import("./link.js").Link} Link
 */

const OPEN_MS = 10_000;

/** What close codes of docs/protocol.md mean, where no `error` has told it before. */
const CODES = new Map([
  [1009, "too_large"],
  [1013, "limit"],
  [4001, "version"],
  [4003, "unauthorized"],
  [4004, "timeout"],
  [4005, "replaced"],
]);

/**
 * @param {string} url `ws://HOST:8765/v1/stream`
 * @param {Ears} ears
 * @returns {Promise<Link>} once it is open
 * @throws {SessionError}
 */
export function openWebSocket(url, ears) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, SUBPROTOCOLS);
    socket.binaryType = "arraybuffer";
    let open = false;
    const late = setTimeout(() => socket.close(), OPEN_MS);
    socket.onopen = () => {
      open = true;
      clearTimeout(late);
      resolve(linkOf(socket));
    };
    socket.onmessage = (event) => hear(event.data, socket, ears);
    socket.onclose = (event) => {
      clearTimeout(late);
      const cause = causeOf(event, url, open);
      if (open) ears.closed(cause);
      else reject(cause);
    };
  });
}

/**
 * @param {WebSocket} socket
 * @returns {Link}
 */
function linkOf(socket) {
  return {
    transport: "websocket",
    track: null,
    waitingBytes: () => socket.bufferedAmount,
    close: () => socket.close(1000),
    send: (message) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(/** @type {string | Uint8Array<ArrayBuffer>} */ (encode(message, socket.protocol)));
    },
  };
}

/**
 * @param {string | ArrayBuffer} data
 * @param {WebSocket} socket
 * @param {Ears} ears
 */
function hear(data, socket, ears) {
  try {
    const message = decode(data, socket.protocol);
    if (message) ears.message(/** @type {import("./link.js").ServerMessage} */ (message));
  } catch (fault) {
    if (!(fault instanceof ProtocolError)) throw fault;
    socket.close(4000, "no message of this protocol");
  }
}

/**
 * @param {CloseEvent} event
 * @param {string} url
 * @param {boolean} open
 */
function causeOf(event, url, open) {
  const code = CODES.get(event.code) ?? "connection";
  if (!open) return new SessionError("connection", `No answer from ${url}. Is the server running?`);
  const why = event.reason || (event.code === 1012 ? "the server restarts" : `code ${event.code}`);
  return new SessionError(code, `The connection ended: ${why}.`);
}
