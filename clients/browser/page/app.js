/** The page: a source gives frames, sessions carry them, views show what comes back. */

import { connect } from "../sdk/connect.js";
import { Badges } from "../views/badges.js";
import { HeatmapOverlay } from "../views/heatmap_overlay.js";
import { Moment } from "../views/moment.js";
import { fromMediapipe33 } from "../views/poses.js";
import { SkeletonView } from "../views/skeleton.js";
import { Timeline } from "../views/timeline.js";
import { ASKED, STREAM } from "./address.js";
import { Ask } from "./ask.js";
import { element } from "./elements.js";
import { Note } from "./note.js";
import * as sources from "./sources.js";
import { connectionOf, storedText } from "./state.js";
import { Tools } from "./tools.js";

/**
 * @typedef {import("../sdk/session.js").Session} Session
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("./ask.js").Wanted} Wanted
 * @typedef {import("./sources.js").Running} Running
 * @typedef {"motion" | "video"} Kind
 * @typedef {App} Page
 */

class App {
  app = element("app", HTMLElement);
  video = element("video", HTMLVideoElement);
  note = new Note();
  timeline = new Timeline(element("timeline", HTMLElement));
  moment = new Moment(element("moment", HTMLElement));
  overlay = new HeatmapOverlay(element("overlay", HTMLElement));
  skeleton = new SkeletonView(element("skeleton", HTMLElement));
  badges = new Badges(element("badges", HTMLElement));
  tools = new Tools(this);
  options = { token: ASKED.token };
  ask = new Ask(
    STREAM,
    this.options,
    (wanted) => this.configure(wanted),
    (preview) => this.#previewing(preview),
  );

  /** @type {Partial<Record<Kind, Session>>} */
  sessions = {};
  /** @type {Running | null} */
  source = null;
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
    this.source?.stop();
    this.source = null;
    for (const session of Object.values(this.sessions)) session.close();
    this.sessions = {};
    for (const view of this.#views) view.clear();
    this.picture(true);
    this.note.clear();
    this.ask.forget();
    this.badges.source("");
    this.tools.heat([]);
    this.tools.notice("");
    this.tools.keeping.stop();
    return (this.#begun += 1);
  }

  /**
   * Look for this from now on, in all sessions.
   * @param {Wanted} wanted
   */
  async configure(wanted) {
    const { motion, video } = this.sessions;
    if (!motion) return this.ask.say("Choose a source first: the camera, the performer or a file.");
    try {
      const { labels, mode } = await motion.configure(wanted);
      this.ask.taken(labels, mode);
      if (!video) return;
      await video.configure({ prompts: labels });
      this.tools.heat(labels);
    } catch (fault) {
      if (fault instanceof Error && !motion.over) this.ask.say(fault.message);
    }
  }

  /** What sources are given of the page. @type {sources.Stage} */
  stage = {
    video: this.video,
    pose: (joints, timeS, skeleton) => this.#pose(joints, timeS, skeleton),
    noPoses: (text) => this.#noPoses(text),
    ended: () => this.#finish(),
  };

  /** What a recording that begins now must hold to be understood. @returns {ServerMessage[]} */
  get known() {
    const session = this.sessions[this.labelling];
    return [session?.welcome, session?.configured].filter((message) => message != null);
  }

  /**
   * A message of a recording is due.
   * @param {import("../views/recorder.js").Entry} entry
   * @param {number} nowMs
   */
  replayed({ from, message }, nowMs) {
    if (from === "server") {
      const received = /** @type {ServerMessage} */ (message);
      for (const view of this.#views) view.receive(received, nowMs);
    } else if (message.type === "pose") {
      this.timeline.captured(message.time_s, nowMs);
      const joints = /** @type {Float32Array} */ (message.joints);
      this.skeleton.pose(message.skeleton === "mediapipe33" ? fromMediapipe33(joints) : joints, nowMs);
    }
  }

  get #views() {
    return [this.timeline, this.moment, this.overlay, this.skeleton, this.badges];
  }

  /** @param {Running} running */
  #show(running) {
    this.source = running;
    this.badges.source(running.text);
    this.overlay.mirrored = running.mirrored;
    this.video.classList.toggle("stage__video--mirrored", running.mirrored);
    this.picture(running.shown !== null);
    this.labelling = running.sent ? "video" : "motion";
    this.sessions.motion = this.#open("motion");
    if (running.sent) {
      this.sessions.video = this.#open("video");
      this.sessions.video.sendVideo(running.sent);
    }
    const { wanted } = this.ask;
    if (wanted) this.configure(wanted);
  }

  /** @param {Kind} kind */
  #open(kind) {
    const session = connect(STREAM, {
      ...this.options,
      kind,
      client: `liveground page, ${kind}`,
      transport: ASKED.transport,
      onFallback: (cause) => this.note.show(`${cause.message} The picture goes over the WebSocket instead.`, "warn"),
    });
    session.on("message", (message) => this.#hear(message, kind));
    session.on("sent", (frame) => this.#sent(frame, kind));
    session.on("fault", (fault) => this.#failed(fault));
    session.on("state", () => this.#connection());
    session.on("going_away", (message) => {
      this.note.show(`The server stops within ${Math.ceil(message.time_left_s)} s; this page connects again by itself.`, "warn");
    });
    return session;
  }

  /**
   * @param {ServerMessage} message
   * @param {Kind} kind
   */
  #hear(message, kind) {
    const nowMs = performance.now();
    if (message.type === "label" && kind === "motion" && this.labelling === "video") this.#toPoses();
    if (kind === "video") this.overlay.receive(message, nowMs);
    if (kind === this.labelling) {
      for (const view of [this.timeline, this.moment, this.badges]) view.receive(message, nowMs);
      this.tools.keeping.receive(message, nowMs);
    } else this.badges.receive(message, nowMs);
    if (message.type === "welcome") this.#welcomed(message, kind);
  }

  /** There are poses now: they say more about what is done than the picture alone. */
  #toPoses() {
    this.labelling = "motion";
    this.timeline.clear();
    this.moment.clear();
    for (const message of this.known) {
      for (const view of [this.timeline, this.moment]) view.receive(message, performance.now());
    }
  }

  /**
   * @param {import("../protocol.js").Welcome} welcome
   * @param {Kind} kind
   */
  #welcomed(welcome, kind) {
    if ((welcome.recording ?? "off") !== "off") this.note.show(storedText(welcome.recording), "warn");
    if (kind === "motion") return;
    this.tools.notice(welcome.video?.notice ?? "This server has no video model: no heatmaps.");
  }

  /**
   * @param {import("../protocol.js").Pose | import("../protocol.js").Image} frame
   * @param {Kind} kind
   */
  #sent(frame, kind) {
    const nowMs = performance.now();
    if (kind === this.labelling) {
      this.timeline.captured(frame.time_s, nowMs);
      this.badges.sent(nowMs, undefined, frame.seq);
      this.tools.keeping.sent(frame, nowMs);
    }
    if (kind === "video") this.overlay.captured(frame.time_s, nowMs);
  }

  /**
   * @param {Float32Array} joints
   * @param {number} timeS
   * @param {"smpl22" | "mediapipe33"} skeleton
   */
  #pose(joints, timeS, skeleton) {
    this.sessions.motion?.sendPose(joints, timeS, skeleton);
    this.skeleton.pose(skeleton === "smpl22" ? joints : fromMediapipe33(joints), performance.now());
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
    const { source } = this;
    await this.sessions.motion?.finish();
    if (source === this.source) this.badges.source(`${source?.text}, ended`);
  }

  #connection() {
    if (this.tools.keeping.replays) return;
    const own = Object.values(this.sessions);
    const sessions = own.length ? own : [this.ask.preview];
    this.badges.connection(connectionOf(sessions.map((one) => one.state), performance.now()));
  }

  /** Once an animation frame. @param {number} nowMs */
  draw(nowMs) {
    this.tools.keeping.draw(nowMs);
    this.#connection();
    if (this.video.videoWidth) this.overlay.picture(this.video.videoWidth, this.video.videoHeight);
    for (const view of this.#views) view.draw(nowMs);
  }
}

export const app = new App();
requestAnimationFrame(function step(nowMs) {
  app.draw(nowMs);
  requestAnimationFrame(step);
});
app.tools.begin(ASKED.source);
