/**
 * A connection by WebRTC, opened by WHIP (RFC 9725): one POST with the offer, one DELETE at the end. The
 * camera goes as a video track, messages over two data channels. No STUN and no TURN unless given.
 */

import { decode, encode, MSGPACK_SUBPROTOCOL } from "../protocol.js";
import { SessionError, TransportError } from "./errors.js";

/**
 * @typedef {import("./link.js").Ears} Ears
 * @typedef {import("./link.js").Link} Link
 *
 * @typedef {object} WhipOptions
 * @property {string} [token]
 * @property {RTCIceServer[]} [iceServers] default none: nothing outside is asked for addresses
 */

const GATHER_MS = 2_000;
const OPEN_MS = 6_000;
/** Networks change: a link that is interrupted may come back. */
const INTERRUPTED_MS = 4_000;

/**
 * @param {string} url `http://HOST:8765/v1/whip`
 * @param {Ears} ears
 * @param {WhipOptions} options
 * @returns {Promise<Link>} once messages can be sent
 * @throws {TransportError} when WebRTC cannot work here
 * @throws {SessionError} when the server cannot be reached
 */
export async function openWhip(url, ears, options) {
  const whip = new Whip(url, ears, options);
  try {
    await whip.open();
  } catch (fault) {
    whip.close();
    throw fault;
  }
  return whip;
}

/** @implements {Link} */
class Whip {
  /** @type {"webrtc"} */
  transport = "webrtc";
  #resource = "";
  #closed = false;

  /**
   * @param {string} url
   * @param {Ears} ears
   * @param {WhipOptions} options
   */
  constructor(url, ears, options) {
    if (!("RTCPeerConnection" in globalThis)) throw new TransportError("This browser has no WebRTC.");
    this.url = url;
    this.ears = ears;
    this.options = options;
    this.peer = new RTCPeerConnection({ iceServers: options.iceServers ?? [] });
    this.control = this.#channel("control", { ordered: true });
    this.labels = this.#channel("labels", { ordered: false, maxRetransmits: 0 });
    this.sender = this.peer.addTransceiver("video", { direction: "sendonly" }).sender;
  }

  async open() {
    await this.peer.setLocalDescription();
    await this.#gathered();
    const answer = await this.#post();
    await this.peer.setRemoteDescription({ type: "answer", sdp: answer });
    await this.#opened();
    this.peer.onconnectionstatechange = () => this.#watch();
    this.control.onclose = () => this.#lost("The connection ended.");
  }

  /** @param {MediaStreamTrack | null} track */
  async track(track) {
    if (this.sender.track !== track) await this.sender.replaceTrack(track);
  }

  waitingBytes() {
    return this.control.bufferedAmount;
  }

  /** @param {import("./link.js").ClientMessage} message */
  send(message) {
    if (this.control.readyState !== "open") return;
    this.control.send(/** @type {Uint8Array<ArrayBuffer>} */ (encode(message, MSGPACK_SUBPROTOCOL)));
  }

  close() {
    this.#closed = true;
    this.peer.close();
    if (!this.#resource) return;
    fetch(this.#resource, { method: "DELETE", headers: this.#headers(), keepalive: true }).catch(() => {});
    this.#resource = "";
  }

  /**
   * @param {string} name
   * @param {RTCDataChannelInit} init
   */
  #channel(name, init) {
    const channel = this.peer.createDataChannel(name, { ...init, protocol: MSGPACK_SUBPROTOCOL });
    channel.binaryType = "arraybuffer";
    channel.onmessage = (event) => {
      const message = decode(event.data, MSGPACK_SUBPROTOCOL);
      if (message) this.ears.message(/** @type {import("./link.js").ServerMessage} */ (message));
    };
    return channel;
  }

  /** All own addresses are found, or enough time has passed: those there are go with the offer. */
  #gathered() {
    const { peer } = this;
    return within(GATHER_MS, (resolve) => {
      const look = () => peer.iceGatheringState === "complete" && resolve();
      peer.onicegatheringstatechange = look;
      look();
    }).catch(() => {});
  }

  async #post() {
    /** @type {Response} */
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/sdp", ...this.#headers() },
        body: this.peer.localDescription?.sdp ?? "",
      });
    } catch {
      throw new SessionError("connection", `No answer from ${this.url}. Is the server running?`);
    }
    const said = await response.text();
    if (response.status === 503) throw new SessionError("limit", said.trim() || "The server is full.");
    if (response.status === 401 || response.status === 403) throw new SessionError("unauthorized", said.trim());
    if (response.status !== 201) throw new TransportError(`WebRTC was refused with status ${response.status}.`);
    this.#resource = new URL(response.headers.get("Location") ?? "", this.url).href;
    return said;
  }

  /** @returns {Promise<void>} */
  #opened() {
    const blocked = new TransportError("WebRTC found no way through the network.");
    return within(OPEN_MS, (resolve, reject) => {
      this.control.onopen = resolve;
      this.peer.onconnectionstatechange = () => this.peer.connectionState === "failed" && reject(blocked);
      if (this.control.readyState === "open") resolve();
    }).catch(() => {
      throw blocked;
    });
  }

  #watch() {
    const state = this.peer.connectionState;
    if (state === "failed" || state === "closed") this.#lost("The network was lost.");
    if (state !== "disconnected") return;
    setTimeout(() => {
      if (this.peer.connectionState === "disconnected") this.#lost("The network was lost.");
    }, INTERRUPTED_MS);
  }

  /** @param {string} text */
  #lost(text) {
    if (this.#closed) return;
    this.ears.closed(new SessionError("connection", text));
  }

  /** @returns {Record<string, string>} */
  #headers() {
    return this.options.token ? { Authorization: `Bearer ${this.options.token}` } : {};
  }
}

/**
 * @param {number} ms
 * @param {(resolve: () => void, reject: (fault: Error) => void) => void} body
 * @returns {Promise<void>}
 */
function within(ms, body) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too late")), ms);
    body(() => {
      clearTimeout(timer);
      resolve();
    }, reject);
  });
}
