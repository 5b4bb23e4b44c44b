/** One connection of a session, from its opening to its end: listened to, and given up when it stays silent. */

import { asSessionError, SessionError } from "./errors.js";
import { Heartbeat } from "./heartbeat.js";

/**
 * @typedef {import("./link.js").Link} Link
 * @typedef {import("./link.js").Opener} Opener
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 *
 * @typedef {object} Owner
 * @property {(link: Link) => void} opened
 * @property {(message: ServerMessage) => void} heard
 */

/** To connect, by whatever way, and to be welcomed. */
const WELCOME_MS = 20_000;

export class Connection {
  welcomed = false;
  /** @type {Link | null} While it lasts. */
  link = null;
  /** End it, for this reason. @type {(cause: SessionError) => void} */
  drop = () => {};
  #over = false;
  #heartbeat = new Heartbeat();
  #pings = 0;

  /**
   * @param {Opener} opener
   * @param {Owner} owner
   */
  constructor(opener, owner) {
    this.owner = owner;
    /** What ended it. */
    this.ended = this.#last(opener);
  }

  /** @param {Opener} opener */
  async #last(opener) {
    /** @type {SessionError} */
    const cause = await new Promise((resolve) => {
      this.drop = resolve;
      const silent = new SessionError("connection", "The server did not answer.");
      const late = setTimeout(() => resolve(silent), WELCOME_MS);
      /** @param {ServerMessage} message */
      const hear = (message) => {
        this.#hear(message);
        if (this.welcomed) clearTimeout(late);
      };
      opener({ closed: resolve, message: hear }).then(
        (link) => (this.#over ? link.close() : this.#open(link)),
        (fault) => resolve(asSessionError(fault)),
      );
    });
    this.#over = true;
    this.#heartbeat.end();
    this.link?.close();
    this.link = null;
    return cause;
  }

  /** @param {Link} link */
  #open(link) {
    this.link = link;
    this.owner.opened(link);
    this.#heartbeat.begin(
      () => link.send({ type: "ping", id: this.#pings++ }),
      () => this.drop(new SessionError("connection", "The server has been silent for too long.")),
    );
  }

  /** @param {ServerMessage} message */
  #hear(message) {
    if (this.#over) return;
    this.welcomed ||= message.type === "welcome";
    this.#heartbeat.heard();
    this.owner.heard(message);
  }
}
