/** The page: a source gives frames, sessions carry them, views show what comes back. */

import { ASKED, STREAM } from "./address.js";
import { Ask } from "./ask.js";
import { element } from "./elements.js";
import { Note } from "./note.js";
import { Playing } from "./playing.js";
import { Screen } from "./screen.js";
import { Scrubber } from "./scrubber.js";
import { Sessions } from "./sessions.js";
import * as sources from "./sources.js";
import { connectionOf, storedText, videoText } from "./state.js";
import { Teach } from "./teach.js";
import { Tools } from "./tools.js";

/**
 * @typedef {import("../sdk/session.js").Session} Session
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("./ask.js").Wanted} Wanted
 * @typedef {import("./sources.js").Running} Running
 * @typedef {import("./sessions.js").Kind} Kind
 * @typedef {App} Page
 */

class App {
  app = element("app", HTMLElement);
  video = element("video", HTMLVideoElement);
  note = new Note();
  screen = new Screen();
  scrubber = new Scrubber();
  tools = new Tools(this);
  teach = new Teach(this);
  options = { token: ASKED.token };
  ask = new Ask(
    STREAM,
    this.options,
    (wanted) => this.configure(wanted),
    (preview) => this.#previewing(preview),
  );

  sessions = new Sessions(this.options, {
    message: (message, kind) => this.#hear(message, kind),
    sent: (frame, kind) => this.#sent(frame, kind),
    fault: (fault) => this.#failed(fault),
    state: () => this.#connection(),
    warn: (text) => this.note.show(text, "warn"),
  });
  /** @type {Running | null} */
  source = null;
  /** How the source is played, if it is recorded. @type {Playing | null} */
  playing = null;
  /** Which session's results are the labels: those of poses, once there are any. @type {Kind} */
  labelling = "motion";
  #begun = 0;

  /**
   * Begin with another source.
   * @param {() => Promise<Running> | Running} start
   * @param {sources.Suggestion} [suggestion]
   */
  async use(start, suggestion) {
    const mine = this.leave();
    if (suggestion) this.ask.suggest(suggestion.words, suggestion.mode);
    element("welcome", HTMLElement).hidden = true;
    try {
      const running = await start();
      if (mine !== this.#begun) return running.stop();
      this.#show(running);
    } catch (fault) {
      if (mine !== this.#begun) return;
      this.leave();
      this.#idle();
      this.note.show(fault instanceof Error ? fault.message : String(fault), "bad");
    }
  }

  /** Stop the source and leave its sessions. @returns {number} of the source that may begin now */
  leave() {
    this.playing?.stop();
    this.playing = null;
    this.scrubber.show(null);
    this.source?.stop();
    this.source = null;
    this.sessions.close();
    this.screen.clear();
    this.picture(true);
    this.note.clear();
    this.ask.forget();
    this.screen.badges.source("");
    this.tools.clear();
    return (this.#begun += 1);
  }

  /**
   * Look for this from now on, in all sessions.
   * @param {Wanted} wanted
   */
  async configure(wanted) {
    const { motion } = this.sessions;
    if (!motion) return this.ask.say("Choose a source first: the camera, the performer or a file.");
    if (motion.over) return this.playing ? this.playing.play() : this.ask.say("The session has ended: choose a source again.");
    try {
      const { labels, mode } = await motion.configure(wanted);
      this.ask.taken(labels, mode);
      await this.#lookIn(labels);
    } catch (fault) {
      if (fault instanceof Error && !motion.over) this.ask.say(fault.message);
    }
  }

  /** Look for them in the picture too. @param {string[]} labels */
  async #lookIn(labels) {
    const { video } = this.sessions;
    try {
      this.tools.heat(await this.sessions.look(labels));
    } catch (fault) {
      if (fault instanceof Error && !video?.over) this.ask.say(fault.message);
    }
  }

  /**
   * The session was taught a name by an example.
   * @param {import("../protocol.js").Enrolled} enrolled
   */
  taught({ labels }) {
    if (this.sessions.motion?.configured?.mode !== "watch") return;
    this.ask.learnt(labels);
    this.#lookIn(labels);
  }

  /** What sources are given of the page. @type {sources.Stage} */
  stage = {
    video: this.video,
    pose: (joints, timeS, skeleton) => this.#pose(joints, timeS, skeleton),
    look: (joints) => this.screen.pose(joints),
    noPoses: (text) => this.#noPoses(text),
    ended: () => this.#finish(),
  };

  /** What a recording that begins now must hold to be understood. @returns {ServerMessage[]} */
  get known() {
    const session = this.sessions[this.labelling];
    return [session?.welcome, session?.configured].filter((message) => message != null);
  }

  /** @param {Running} running */
  #show(running) {
    this.source = running;
    this.screen.overlay.mirrored = running.mirrored;
    this.video.classList.toggle("stage__video--mirrored", running.mirrored);
    this.picture(running.shown !== null);
    this.screen.badges.live = running.reel === null;
    if (!running.reel) return this.#begin(running);
    this.playing = new Playing(running.reel, () => this.#begin(running));
    this.scrubber.show(this.playing);
    return this.playing.play();
  }

  /** New sessions, told what is known and what to look for. @param {Running} running */
  async #begin(running) {
    this.screen.clear();
    this.screen.badges.source(running.text);
    this.labelling = running.sent ? "video" : "motion";
    this.tools.keeping.begun();
    this.sessions.begin(running.sent, running.reel ? "websocket" : undefined);
    this.#toOrigin();
    if (this.sessions.motion) this.teach.restore(this.sessions.motion);
    const { wanted } = this.ask;
    if (wanted) await this.configure(wanted);
  }

  /** What is recorded has its own times: 0:00 is its beginning, wherever one begins. */
  #toOrigin() {
    if (this.playing) this.screen.timeline.model.seenFrom(0);
  }

  /**
   * @param {ServerMessage} message
   * @param {Kind} kind
   */
  #hear(message, kind) {
    const nowMs = performance.now();
    if (message.type === "label" && kind === "motion" && this.labelling === "video") this.#toPoses();
    if (kind === "video") this.screen.overlay.receive(message, nowMs);
    if (kind === this.labelling) {
      const { timeline, moment, badges } = this.screen;
      for (const view of [timeline, moment, badges]) view.receive(message, nowMs);
      this.tools.keeping.receive(message, nowMs);
    } else this.screen.badges.receive(message, nowMs);
    if (message.type === "welcome") this.#welcomed(message, kind);
  }

  /** There are poses now: they say more about what is done than the picture alone. */
  #toPoses() {
    this.labelling = "motion";
    this.screen.turn(this.known);
    this.#toOrigin();
  }

  /**
   * @param {import("../protocol.js").Welcome} welcome
   * @param {Kind} kind
   */
  #welcomed(welcome, kind) {
    if ((welcome.recording ?? "off") !== "off") this.note.show(storedText(welcome.recording), "warn");
    if (kind === "video") this.tools.notice(videoText(welcome.video));
  }

  /**
   * @param {import("../protocol.js").Pose | import("../protocol.js").Image} frame
   * @param {Kind} kind
   */
  #sent(frame, kind) {
    const nowMs = performance.now();
    if (kind === this.labelling) {
      this.screen.timeline.captured(frame.time_s, nowMs);
      this.screen.badges.sent(nowMs, undefined, frame.seq);
      this.tools.keeping.sent(frame, nowMs);
    }
    if (kind === "video") this.screen.overlay.captured(frame.time_s, nowMs);
  }

  /**
   * @param {Float32Array} joints
   * @param {number} timeS
   * @param {"smpl22" | "mediapipe33"} skeleton
   */
  #pose(joints, timeS, skeleton) {
    if (!this.scrubber.held) this.sessions.motion?.sendPose(joints, timeS, skeleton);
    this.screen.pose(joints, skeleton);
  }

  /** @param {boolean} is whether there is one, or an invitation to begin */
  picture(is) {
    this.app.dataset.picture = is ? "" : "none";
  }

  #idle() {
    element("welcome", HTMLElement).hidden = false;
    this.tools.none();
  }

  /** @param {string} text */
  #noPoses(text) {
    if (this.source?.sent) return this.note.show(`${text} Until then heatmaps are all there is.`, "warn");
    this.leave();
    this.#idle();
    this.note.show(text, "bad");
  }

  /**
   * The server is known before any source begins: what it stores, and whether it wants a token.
   * @param {Session} preview
   */
  #previewing(preview) {
    preview.on("welcome", ({ recording }) => {
      element("stored", HTMLElement).textContent = storedText(recording);
    });
    preview.on("fault", (fault) => fault.code === "unauthorized" && this.tools.askToken());
  }

  /** @param {import("../sdk/errors.js").SessionError} fault */
  #failed(fault) {
    if (fault.code === "unauthorized") return this.tools.askToken();
    this.note.show(fault.message, "bad", { name: "Begin again", act: () => this.tools.again() });
  }

  async #finish() {
    const { source, sessions: { motion } } = this;
    this.playing?.ended();
    await this.sessions.finish();
    if (motion === this.sessions.motion) this.screen.badges.source(`${source?.text}, ended`);
  }

  #connection() {
    if (this.tools.keeping.replays) return;
    const own = this.sessions.all;
    const sessions = own.length ? own : [this.ask.preview];
    this.screen.badges.connection(connectionOf(sessions.map((one) => one.state), performance.now()));
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    this.tools.keeping.draw(nowMs);
    this.teach.marking.draw(nowMs);
    this.scrubber.draw();
    this.screen.hold(this.scrubber.held, this.playing?.cursorS ?? NaN, nowMs);
    this.#connection();
    if (this.video.videoWidth) this.screen.overlay.picture(this.video.videoWidth, this.video.videoHeight);
    this.screen.draw(nowMs);
  }
}

export const app = new App();
requestAnimationFrame(function step(nowMs) {
  app.draw(nowMs);
  requestAnimationFrame(step);
});
app.tools.begin(ASKED.source);
