/** The sessions of the source that runs: one about motion, and one about video where there is a picture. */

import { connect } from "../sdk/connect.js";
import { ASKED, STREAM } from "./address.js";
import { wordless } from "./examples.js";

/**
 * @typedef {import("../sdk/session.js").Session} Session
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("../protocol.js").Pose | import("../protocol.js").Image} Frame
 * @typedef {"motion" | "video"} Kind
 *
 * @typedef {object} Ears
 * @property {(message: ServerMessage, kind: Kind) => void} message
 * @property {(frame: Frame, kind: Kind) => void} sent
 * @property {(fault: import("../sdk/errors.js").SessionError) => void} fault
 * @property {() => void} state
 * @property {(text: string) => void} warn of what a person should know
 */

export class Sessions {
  /** @type {Session | undefined} */
  motion;
  /** @type {Session | undefined} */
  video;

  /**
   * @param {{token?: string}} options
   * @param {Ears} ears
   */
  constructor(options, ears) {
    this.options = options;
    this.ears = ears;
  }

  /** @returns {Session[]} */
  get all() {
    return [this.motion, this.video].filter((session) => session !== undefined);
  }

  /** What is looked for. @returns {string[]} */
  get labels() {
    return this.motion?.configured?.labels ?? [];
  }

  /**
   * New sessions take the place of those before.
   * @param {HTMLVideoElement | null} sent what the one about video is shown
   * @param {"websocket" | undefined} transport only that, or whatever is best
   */
  begin(sent, transport) {
    this.close();
    this.motion = this.#open("motion", transport);
    if (!sent) return;
    this.video = this.#open("video", transport);
    this.video.sendVideo(sent);
  }

  close() {
    for (const session of this.all) session.close();
    this.motion = this.video = undefined;
  }

  /** No more frames come. */
  async finish() {
    await Promise.all(this.all.map((session) => session.finish()));
  }

  /**
   * Look for this in the picture too, but for names that say nothing.
   * @param {string[]} labels
   * @returns {Promise<string[]>} what is looked for in the picture
   */
  async look(labels) {
    const silent = wordless(this.motion?.enrolled?.examples ?? "");
    const prompts = labels.filter((label) => !silent.has(label));
    if (!this.video || prompts.length === 0) return [];
    return (await this.video.configure({ prompts })).labels;
  }

  /**
   * @param {Kind} kind
   * @param {"websocket" | undefined} transport
   */
  #open(kind, transport) {
    const { ears } = this;
    const session = connect(STREAM, {
      ...this.options,
      kind,
      client: `liveground page, ${kind}`,
      transport: transport ?? ASKED.transport,
      onFallback: (cause) => ears.warn(`${cause.message} The picture goes over the WebSocket instead.`),
    });
    session.on("message", (message) => ears.message(message, kind));
    session.on("sent", (frame) => ears.sent(frame, kind));
    session.on("fault", (fault) => ears.fault(fault));
    session.on("state", () => ears.state());
    session.on("notice", ({ code, text }) => code.endsWith("_fallback") && ears.warn(text));
    session.on("going_away", ({ time_left_s }) => {
      ears.warn(`The server stops within ${Math.ceil(time_left_s)} s; this page connects again by itself.`);
    });
    return session;
  }
}
