/** A session over links that break: what it says, when it connects again, what it asks again. */

import assert from "node:assert/strict";
import test from "node:test";

import { falling, whipUrl } from "../../../clients/browser/sdk/connect.js";
import { SessionError, TransportError } from "../../../clients/browser/sdk/errors.js";
import { Session } from "../../../clients/browser/sdk/session.js";

const CONFIGURED = { type: "configured", config: 1, mode: "watch", labels: ["waves"], lookahead_s: 0.4, horizon_s: 2.5 };

/** A server that is played by the test: one entry in `links` for every connection. */
class Stage {
  links = [];
  refusals = [];

  opener = async (ears) => {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const link = { ears, said: [], closed: false, transport: "websocket", track: null, waitingBytes: () => 0 };
    link.send = (message) => link.said.push(message);
    link.close = () => (link.closed = true);
    this.links.push(link);
    return link;
  };

  get last() {
    return this.links.at(-1);
  }

  /** Answer hello. */
  welcome(fields = {}) {
    this.last.ears.message({ type: "welcome", session: "s", resume_token: "again", resumed: false, last_seq: -1, ...fields });
  }
}

/** Let promises that are settled go on. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** A session that has just been welcomed. */
async function open(options = {}) {
  const stage = new Stage();
  const session = new Session(stage.opener, options);
  const states = [];
  session.on("state", (state) => states.push(state.phase));
  await settle();
  stage.welcome();
  return { stage, session, states };
}

test("hello is said first, and says what the session is about", async () => {
  const { stage, session, states } = await open({ kind: "video", token: "secret" });
  assert.deepEqual(stage.last.said[0], {
    type: "hello", protocol: 1, client: "liveground browser client", token: "secret", resume: undefined, kind: "video",
  });
  assert.deepEqual(states, ["connecting", "open"]);
  session.close();
});

test("configure is answered, and frames go only then", async () => {
  const { stage, session } = await open();
  assert.equal(session.sendPose(new Float32Array(66), 1), false);
  assert.equal(session.unsent, 1);
  const asked = session.configure({ prompts: ["waves"] });
  assert.deepEqual(stage.last.said.at(-1), { type: "configure", prompts: ["waves"] });
  stage.last.ears.message(CONFIGURED);
  assert.equal((await asked).config, 1);
  assert.equal(session.sendPose(new Float32Array(66), 2), true);
  assert.equal(session.sendPose(new Float32Array(66), 3), true);
  assert.deepEqual(stage.last.said.slice(-2).map((frame) => frame.seq), [0, 1]);
  session.close();
});

test("a refused configuration is an error of its own, and the session goes on", async () => {
  const { stage, session } = await open();
  const asked = session.configure({ prompts: [""] });
  stage.last.ears.message({ type: "error", code: "bad_prompt", text: "Empty." });
  await assert.rejects(asked, { code: "bad_prompt" });
  assert.equal(session.state.phase, "open");
  session.close();
});

test("errors of frames are no answers", async () => {
  const { stage, session } = await open();
  const asked = session.configure({ prompts: ["waves"] });
  stage.last.ears.message({ type: "error", code: "bad_joints", text: "NaN.", seq: 3 });
  stage.last.ears.message(CONFIGURED);
  assert.equal((await asked).config, 1);
  session.close();
});

test("a lost connection is opened again and the session resumed", async () => {
  const { stage, session, states } = await open();
  const asked = session.configure({ prompts: ["waves"] });
  stage.last.ears.message(CONFIGURED);
  await asked;
  stage.last.ears.closed(new SessionError("connection", "Gone."));
  await settle();
  assert.equal(session.state.phase, "waiting");
  assert.equal(session.state.text, "Gone.");
  assert.ok(session.state.retryAtMs > performance.now());
  assert.equal(session.sendPose(new Float32Array(66), 4), false);
  session.retry();
  await settle();
  assert.equal(stage.links.length, 2);
  assert.equal(stage.last.said[0].resume, "again");
  stage.welcome({ resumed: true });
  stage.last.ears.message(CONFIGURED);
  assert.equal(stage.last.said.filter((said) => said.type === "configure").length, 0);
  assert.equal(session.sendPose(new Float32Array(66), 5), true);
  assert.deepEqual(states, ["connecting", "open", "waiting", "connecting", "open"]);
  session.close();
});

test("a new session is told what the lost one looked for, and what had no answer", async () => {
  const { stage, session } = await open();
  const first = session.configure({ prompts: ["waves"] });
  stage.last.ears.message(CONFIGURED);
  await first;
  stage.last.ears.closed(new SessionError("connection", "Gone."));
  await settle();
  session.retry();
  await settle();
  stage.welcome();
  assert.deepEqual(stage.last.said.at(-1), { type: "configure", prompts: ["waves"] });
  stage.last.ears.message(CONFIGURED);
  const second = session.configure({ prompts: ["jumps"] });
  stage.last.ears.closed(new SessionError("connection", "Gone."));
  await settle();
  session.retry();
  await settle();
  stage.welcome();
  assert.deepEqual(stage.last.said.at(-1), { type: "configure", prompts: ["jumps"] });
  stage.last.ears.message({ ...CONFIGURED, labels: ["jumps"] });
  assert.deepEqual((await second).labels, ["jumps"]);
  session.close();
});

const ENROLLED = { type: "enrolled", name: "twirls", seconds: 2, counts: { twirls: 1 }, labels: ["waves", "twirls"], examples: "{}" };
const TAUGHT = { ...CONFIGURED, config: 2, labels: ["waves", "twirls"], cause: "example", since_s: 3 };

/** A session that looks for waves and was shown a twirl. */
async function taught() {
  const { stage, session, states } = await open();
  const asked = session.configure({ instruction: "waves", mode: "watch" });
  stage.last.ears.message(CONFIGURED);
  await asked;
  const shown = session.enrol("twirls", 3, 5, false);
  const said = stage.last.said.at(-1);
  stage.last.ears.message(TAUGHT);
  stage.last.ears.message(ENROLLED);
  return { stage, session, states, said, answer: await shown };
}

/** Lose the connection and open it again. */
async function lose(stage, session) {
  stage.last.ears.closed(new SessionError("connection", "Gone."));
  await settle();
  session.retry();
  await settle();
}

test("what was done between two times is an example of a name", async () => {
  const { session, said, answer } = await taught();
  assert.deepEqual(said, { type: "enrol", name: "twirls", start_s: 3, end_s: 5, words: false });
  assert.deepEqual(answer, ENROLLED);
  assert.deepEqual(session.enrolled, ENROLLED);
  session.close();
});

test("the last seconds are those before the newest label, and there must be one", async () => {
  const { stage, session } = await open();
  await assert.rejects(session.enrolLast("twirls", 2), { code: "bad_prompt" });
  stage.last.ears.message({ type: "label", config: 1, seq: 9, time_s: 7.5, age_ms: 400, index: 0, label: "waves", score: 1, scores: [1] });
  const shown = session.enrolLast("twirls", 2);
  assert.deepEqual(stage.last.said.at(-1), { type: "enrol", name: "twirls", start_s: 5.5, end_s: 7.5, words: true });
  stage.last.ears.message(ENROLLED);
  await shown;
  session.close();
});

test("a refused example is an error of its own, and the next question is asked", async () => {
  const { stage, session } = await open();
  const shown = session.enrol("twirls", 3, 5);
  const asked = session.configure({ prompts: ["waves"] });
  assert.equal(stage.last.said.at(-1).type, "enrol");
  stage.last.ears.message({ type: "error", code: "bad_prompt", text: "Not seen." });
  await assert.rejects(shown, { code: "bad_prompt", message: "Not seen." });
  assert.equal(stage.last.said.at(-1).type, "configure");
  stage.last.ears.message(CONFIGURED);
  assert.equal((await asked).config, 1);
  session.close();
});

test("a resumed session tells again what was shown: that answers nothing", async () => {
  const { stage, session } = await taught();
  await lose(stage, session);
  stage.welcome({ resumed: true });
  stage.last.ears.message(TAUGHT);
  const more = session.enrol("bows", 6, 7);
  stage.last.ears.message(ENROLLED);
  stage.last.ears.message({ ...TAUGHT, config: 3, labels: ["waves", "twirls", "bows"] });
  stage.last.ears.message({ ...ENROLLED, name: "bows" });
  assert.equal((await more).name, "bows");
  const asked = session.configure({ prompts: ["jumps"] });
  stage.last.ears.message({ ...CONFIGURED, config: 4, labels: ["jumps"] });
  assert.equal((await asked).config, 4);
  session.close();
});

test("a new session is told what was shown, with the prompts that were taught", async () => {
  const { stage, session } = await taught();
  await lose(stage, session);
  stage.welcome();
  const told = stage.last.said.slice(1);
  assert.deepEqual(told, [{ type: "enrol", examples: "{}" }, { type: "configure", prompts: ["waves", "twirls"] }]);
  const more = session.enrol("bows", 6, 7);
  stage.last.ears.message(ENROLLED);
  stage.last.ears.message({ ...CONFIGURED, labels: ["waves", "twirls"] });
  stage.last.ears.message({ ...ENROLLED, name: "bows" });
  assert.equal((await more).name, "bows");
  session.close();
});

test("a server with another model forgets what was shown, and refuses nothing else", async () => {
  const { stage, session } = await taught();
  await lose(stage, session);
  stage.welcome();
  const asked = session.configure({ prompts: ["jumps"] });
  stage.last.ears.message({ type: "error", code: "model", text: "Examples of another model." });
  assert.equal(session.enrolled, null);
  stage.last.ears.message({ ...CONFIGURED, labels: ["waves", "twirls"] });
  stage.last.ears.message({ ...CONFIGURED, config: 2, labels: ["jumps"] });
  assert.deepEqual((await asked).labels, ["jumps"]);
  session.close();
});

test("what trying again cannot help ends the session", async () => {
  const { stage, session } = await open();
  const faults = [];
  session.on("fault", (fault) => faults.push(fault.code));
  stage.last.ears.message({ type: "error", code: "unauthorized", text: "Wrong token.", fatal: true });
  assert.equal(await session.ended, null);
  assert.deepEqual(faults, ["unauthorized"]);
  assert.equal(session.state.phase, "ended");
  assert.equal(session.state.text, "Wrong token.");
  assert.ok(stage.last.closed);
});

test("finish waits for the accounting", async () => {
  const { stage, session } = await open();
  const finished = session.finish();
  assert.equal(stage.last.said.at(-1).type, "bye");
  stage.last.ears.message({ type: "stats", received: 5, processed: 5 });
  stage.last.ears.message({ type: "bye", reason: "done" });
  assert.equal((await finished).received, 5);
});

test("pings are answered", async () => {
  const { stage, session } = await open();
  stage.last.ears.message({ type: "ping", id: 7 });
  assert.deepEqual(stage.last.said.at(-1), { type: "pong", id: 7 });
  session.close();
});

test("a link that opens after the session was left is closed", async () => {
  const stage = new Stage();
  const session = new Session(stage.opener);
  session.close();
  await settle();
  assert.equal(await session.ended, null);
  for (const link of stage.links) assert.ok(link.closed);
});

test("WebRTC that cannot work falls back for good; a server that is away does not", async () => {
  const causes = [];
  let calls = 0;
  const away = falling(async () => { throw new SessionError("connection", "Away."); }, async () => "socket", (cause) => causes.push(cause));
  await assert.rejects(away({}), { code: "connection" });
  const blocked = falling(async () => { calls += 1; throw new TransportError("Blocked."); }, async () => "socket", (cause) => causes.push(cause));
  assert.equal(await blocked({}), "socket");
  assert.equal(await blocked({}), "socket");
  assert.equal(calls, 1);
  assert.deepEqual(causes.map((cause) => cause.message), ["Blocked."]);
});

test("WHIP lies beside the WebSocket", () => {
  assert.equal(whipUrl("wss://host:8765/there/v1/stream"), "https://host:8765/there/v1/whip");
});
