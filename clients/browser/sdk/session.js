/**
 * A session over connections that may break: opened again with growing delays and resumed, as
 * `clients/python` does. Frames that come while there is no connection are counted, not kept: they
 * would be old.
 */

import { PROTOCOL_VERSION } from "../protocol.js";
import { delaysS } from "./backoff.js";
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import { SessionError } from "./errors.js";
import { Questions } from "./questions.js";
import { VideoFeed } from "./video_feed.js";

/**
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("../protocol.js").Configure} Configure
 * @typedef {import("../protocol.js").Configured} Configured
 * @typedef {import("../protocol.js").Enrolled} Enrolled
 * @typedef {import("../protocol.js").Welcome} Welcome
 * @typedef {import("../protocol.js").Pose} Pose
 * @typedef {import("./session_types.js").State} State
 * @typedef {import("./session_types.js").SessionEvents} SessionEvents
 * @typedef {import("./session_types.js").SessionOptions} SessionOptions
 */

/** @extends {Emitter<SessionEvents>} */
export class Session extends Emitter {
  /** @type {State} */
  state = { phase: "connecting", transport: null, retryAtMs: null, text: "" };
  /** @type {Welcome | null} */
  welcome = null;
  /** @type {Configured | null} What is in force. */
  configured = null;
  /** @type {import("../protocol.js").Label | null} The newest one. */
  label = null;
  /** Frames that came while they could not be sent. */
  unsent = 0;

  /** @type {Connection | null} */
  #connection = null;
  #over = false;
  #byeSent = false;
  #ready = false;
  #seq = 0;
  #retryNow = () => {};
  /** @type {VideoFeed | null} */
  #video = null;
  #questions = new Questions((question) => this.#say(question));

  /**
   * @param {import("./link.js").Opener} opener
   * @param {SessionOptions} [options]
   */
  constructor(opener, options = {}) {
    super();
    this.opener = opener;
    this.options = options;
    /** Ends when the session has: with its accounting, or null if it was left or failed. */
    this.ended = this.#keep();
  }

  /**
   * Say what to look for, at the start or at any time later.
   * @param {Omit<Configure, "type">} wanted
   * @returns {Promise<Configured>} what is now in force
   * @throws {SessionError} when the server refuses; the old configuration stays
   */
  configure(wanted) {
    return this.#questions.ask({ type: "configure", ...wanted }, this.#canAsk);
  }

  /**
   * Teach by showing: what was done between two capture times is an example of `name`. It counts at
   * once: a new name becomes a prompt in mode watch; a script looks for it once a `configure` names it.
   * @param {string} name
   * @param {number} startS
   * @param {number} endS no later than `label.time_s`
   * @param {boolean} [words] whether the words of the name count beside what is shown
   * @returns {Promise<Enrolled>} what is known now; its `examples` are the content of a file
   * @throws {SessionError} when the server does not have these seconds (any more, or yet), or too many
   *   examples; nothing changes then
   */
  enrol(name, startS, endS, words = true) {
    return this.#questions.ask({ type: "enrol", name, start_s: startS, end_s: endS, words }, this.#canAsk);
  }

  /**
   * The same with the last seconds before the newest label.
   * @param {string} name
   * @param {number} seconds
   * @param {boolean} [words]
   * @returns {Promise<Enrolled>}
   */
  async enrolLast(name, seconds, words = true) {
    if (this.label) return this.enrol(name, this.label.time_s - seconds, this.label.time_s, words);
    throw new SessionError("bad_prompt", "There is no label yet: show the action, then mark it as an example.");
  }

  /**
   * Add the examples of a file. They count wherever their names are labels.
   * @param {string} content as `enrolled.examples` had it
   * @returns {Promise<Enrolled>}
   * @throws {SessionError} for what holds no examples, or those of another model
   */
  addExamples(content) {
    return this.#questions.ask({ type: "enrol", examples: content }, this.#canAsk);
  }

  /** What this session was shown so far. @returns {Enrolled | null} */
  get enrolled() {
    return this.#questions.enrolled;
  }

  /**
   * Send one pose.
   * @param {Float32Array | number[][]} joints (J, 3) in metres
   * @param {number} timeS capture time on any clock, seconds
   * @param {string} [skeleton] name of a joint table of the welcome
   * @returns {boolean} false when it could not be sent; it is not sent later
   */
  sendPose(joints, timeS, skeleton = "smpl22") {
    return this.#sendFrame({ type: "pose", seq: this.#seq, time_s: timeS, joints, skeleton });
  }

  /**
   * Send one JPEG image, in a session about video. `sendVideo` does it by itself.
   * @param {Uint8Array} jpeg
   * @param {number} timeS capture time on any clock, seconds
   * @returns {boolean} false when it could not be sent; it is not sent later
   */
  sendImage(jpeg, timeS) {
    return this.#sendFrame({ type: "image", seq: this.#seq, time_s: timeS, jpeg });
  }

  /** Say that no more frames come. @returns {Promise<import("../protocol.js").Stats | null>} what became of every frame */
  finish() {
    this.#byeSent = true;
    if (this.#link) this.#say({ type: "bye" });
    else this.close();
    return this.ended;
  }

  /** Leave at once. */
  close() {
    if (this.#over) return;
    if (this.#link && !this.#byeSent) this.#say({ type: "bye" });
    this.#end();
  }

  /** Do not wait for the next attempt to connect. */
  retry() {
    this.#retryNow();
  }

  /**
   * Send what a video shows, or a camera's track, in a session about video: as a track over WebRTC, as
   * JPEG images over a WebSocket. Another source takes the place of the one before; null for none.
   * @param {HTMLVideoElement | MediaStreamTrack | null} source
   */
  sendVideo(source) {
    this.#video ??= new VideoFeed(this);
    this.#video.show(source);
  }

  /** The link in use, if frames can be sent just now. */
  get outlet() {
    return this.#ready ? this.#link : null;
  }

  /** Whether the session has ended. */
  get over() {
    return this.#over;
  }

  get #link() {
    return this.#connection?.link ?? null;
  }

  get #canAsk() {
    return this.#link !== null && this.#connection?.welcomed === true;
  }

  async #keep() {
    /** @type {SessionError | null} */
    let cause = null;
    const deadlineMs = performance.now() + 1000 * (this.options.giveUpS ?? Infinity);
    let delays = delaysS();
    await Promise.resolve(); // listeners are there before the first event
    while (!this.#over) {
      this.#show({ phase: "connecting", text: cause?.message ?? "" });
      const connection = new Connection(this.opener, {
        opened: (link) => this.#greet(link),
        heard: (message) => this.#hear(message),
      });
      this.#connection = connection;
      cause = await connection.ended;
      this.#ready = false;
      if (connection.welcomed) delays = delaysS();
      if (this.#over) break;
      if (this.#byeSent || !cause.worthARetry || performance.now() > deadlineMs) {
        this.#fail(cause);
        break;
      }
      await this.#wait(delays.next().value, cause);
    }
    return this.#questions.stats;
  }

  /** @param {import("./link.js").Link} link */
  #greet(link) {
    const { kind, token, client = "liveground browser client" } = this.options;
    const resume = this.welcome?.resume_token;
    link.send({ type: "hello", protocol: PROTOCOL_VERSION, client, token, resume, kind });
  }

  /**
   * @param {number} delayS
   * @param {SessionError} cause
   */
  #wait(delayS, cause) {
    const retryAtMs = performance.now() + 1000 * delayS;
    this.#show({ phase: "waiting", retryAtMs, text: cause.message });
    /** @type {Promise<void>} */
    const waited = new Promise((resolve) => {
      const timer = setTimeout(resolve, 1000 * delayS);
      this.#retryNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return waited;
  }

  /** @param {ServerMessage} message */
  #hear(message) {
    if (this.#over) return;
    if (message.type === "ping") this.#say({ type: "pong", id: message.id });
    else if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "configured") {
      this.configured = message;
      this.#ready = true;
    } else if (message.type === "label") this.label = message;
    this.#questions.hear(message);
    this.emit(message.type, /** @type {any} */ (message));
    this.emit("message", message);
    if (message.type === "error" && message.fatal) this.#connection?.drop(SessionError.fromWire(message));
    if (message.type === "bye" && this.#byeSent) this.#end();
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    this.welcome = welcome;
    this.#show({ phase: "open", transport: this.#link?.transport ?? null });
    this.#questions.connected(welcome.resumed);
    if (this.#byeSent) this.#say({ type: "bye" });
  }

  /**
   * @param {Pose | import("../protocol.js").Image} frame
   * @returns {boolean}
   */
  #sendFrame(frame) {
    if (!this.#ready || this.#byeSent) {
      this.unsent += 1;
      return false;
    }
    this.#seq += 1;
    this.#say(frame);
    this.emit("sent", frame);
    return true;
  }

  /** @param {import("../protocol.js").ClientMessage} message */
  #say(message) {
    this.#link?.send(message);
  }

  /** @param {Partial<State>} part */
  #show(part) {
    this.state = { phase: "connecting", transport: null, retryAtMs: null, text: "", ...part };
    this.emit("state", this.state);
  }

  /** @param {SessionError} cause */
  #fail(cause) {
    this.#over = true;
    this.#questions.fail(cause);
    this.#show({ phase: "ended", text: this.#byeSent ? "" : cause.message });
    if (!this.#byeSent) this.emit("fault", cause);
  }

  #end() {
    this.#over = true;
    this.#questions.fail(new SessionError("connection", "The session has ended."));
    this.#show({ phase: "ended" });
    this.#connection?.drop(new SessionError("connection", "The session has ended."));
    this.#retryNow();
  }
}
