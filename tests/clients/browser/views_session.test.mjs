// Segments that stand, the label of the moment, figures of a connection, recordings.
import assert from "node:assert/strict";
import { test } from "node:test";

import { badgesOf, connectionText } from "../../../clients/browser/views/badges.js";
import { heatmap, motionSession, walker } from "../../../clients/browser/views/gallery_data.js";
import { Meter, Recent, WINDOW_MS } from "../../../clients/browser/views/meter.js";
import { HOLD_MS, MomentModel } from "../../../clients/browser/views/moment_model.js";
import {
  Recorder,
  RecordingError,
  Replay,
  readRecording,
} from "../../../clients/browser/views/recorder.js";
import { toCsv, toJson } from "../../../clients/browser/views/exports.js";
import { SegmentStore } from "../../../clients/browser/views/segment_store.js";
import { TimelineModel } from "../../../clients/browser/views/timeline_model.js";
import { sentence } from "../../../clients/browser/views/timeline_words.js";
import { random } from "./views_seeded.mjs";

const LABELS = ["walks", "sits", "waves"];
const WELCOME = { type: "welcome", session: "a", resume_token: "secret", resumed: false };

function configured(given = {}) {
  return { type: "configured", config: 1, mode: "script", labels: LABELS, horizon_s: 2.5, ...given };
}

function segment(given) {
  return {
    type: "segment",
    config: 1,
    id: 0,
    index: 0,
    label: "walks",
    start_s: 1,
    end_s: 2,
    score: 0.9,
    state: "provisional",
    ...given,
  };
}

function label(timeS, index, given = {}) {
  const text = LABELS[index] ?? "unknown";
  return { type: "label", config: 1, seq: 1, time_s: timeS, age_ms: 410, index, label: text, score: 0.8, scores: [], ...given };
}

test("a segment is told anew under its key, and what is no news is said to be none", () => {
  const store = new SegmentStore();
  store.receive(WELCOME);
  assert.equal(store.receive(segment({})), true);
  assert.equal(store.receive(segment({})), false);
  assert.equal(store.receive(segment({ end_s: 3, state: "final" })), true);
  assert.deepEqual(store.finals.map(({ end_s }) => end_s), [3]);
  store.receive(segment({ id: 1, state: "retracted" }));
  assert.equal(store.standing.length, 1);
  store.receive({ ...WELCOME, session: "b" });
  store.receive(segment({}));
  assert.equal(store.standing.length, 2);
});

test("what the same question has answered anew takes the place of the older answer", () => {
  const store = new SegmentStore();
  const tell = (...messages) => messages.forEach((message) => store.receive(message));
  tell(WELCOME, configured());
  tell(segment({ id: 0, end_s: 4, state: "final" }), segment({ id: 1, start_s: 5, end_s: 9 }));
  tell(configured({ config: 2, cause: "example", since_s: 4 }));
  tell(segment({ config: 2, id: 0, start_s: 5, end_s: 8 }));
  assert.deepEqual(store.standing.map(({ config, end_s }) => [config, end_s]), [[1, 4], [2, 8]]);
  tell(configured({ config: 3, since_s: 0 }));
  assert.equal(store.standing.length, 2, "another question leaves the old answers alone");
});

test("the label of the moment changes when another has held, and says since when", () => {
  const model = new MomentModel();
  assert.equal(model.now, null);
  model.receive(configured(), 0);
  for (let n = 0; n < 40; n++) model.receive(label(n / 20, 0), 50 * n);
  model.receive(label(2, 1), 2000);
  assert.equal(model.now?.label, "walks", "one label is no change yet");
  model.receive(label(2.05, 0), 2050);
  for (let n = 0; n < 20; n++) model.receive(label(2.1 + n / 20, 1), 2100 + 50 * n);
  assert.equal(model.now?.label, "sits");
  assert.equal(model.now?.next, "waves");
  assert.ok(Math.abs((model.now?.forS ?? 0) - 0.95) < 1e-9);
  assert.ok(HOLD_MS < 400, "shorter than anything that a person does");
  for (let n = 0; n < 20; n++) model.receive(label(4 + n / 20, -1), 4000 + 50 * n);
  assert.deepEqual([model.now?.label, model.now?.isKnown, model.now?.next], ["unknown", false, null]);
});

test("results of words that are asked for no longer are not the moment's", () => {
  const model = new MomentModel();
  model.receive(configured({ config: 2, labels: ["claps"] }), 0);
  model.receive(label(1, 0), 0);
  assert.equal(model.now, null);
  model.receive(label(1, 0, { config: 2 }), 0);
  assert.equal(model.now?.label, "claps");
});

test("the label of the moment of a video is the surest prompt that is present", () => {
  const model = new MomentModel();
  model.receive(configured({ mode: "watch" }), 0);
  model.receive(heatmap(1, [{ x: 0.5, y: 0.5 }], 3), 0);
  assert.deepEqual([model.now?.label, model.now?.score, model.now?.next], ["walks", 0.93, null]);
  model.receive(heatmap(2, [], 3), 1000);
  model.receive(heatmap(2.5, [], 3), 1500);
  assert.equal(model.now?.isKnown, false);
});

const GUESSING = { ...WELCOME, video: { calibrated: false } };

/** Heats of a model that is not calibrated: everything is present. */
function guesses(timeS, ...presences) {
  const heats = presences.map((presence, index) => ({ index, present: true, presence, peaks: [], low: 0, high: 1, grid: new Uint8Array(1) }));
  return { type: "heatmap", config: 1, seq: 1, time_s: timeS, key_time_s: timeS, age_ms: 30, columns: 1, rows: 1, heats };
}

test("where the model is not calibrated, the best fit is shown without a figure", () => {
  const [moment, timeline] = [new MomentModel(), new TimelineModel()];
  for (const model of [moment, timeline]) {
    model.receive(GUESSING, 0);
    model.receive(configured({ mode: "watch" }), 0);
    for (let n = 0; n <= 20; n++) model.receive(guesses(n / 10, 0.4, 0.6, 0.1), 100 * n);
  }
  assert.equal(moment.now?.label, "sits");
  assert.ok(Number.isNaN(moment.now?.score));
  assert.deepEqual(timeline.entries.map(({ segment }) => segment.label), ["sits"]);
  const [{ segment: fit }] = timeline.entries;
  assert.ok(Number.isNaN(fit.score));
  assert.match(sentence(fit, 0, 0), /^sits, 0:00.0 to 0:02.0, not calibrated, provisional$/);
  const session = { segments: [fit], lanes: LABELS, originS: 0, dateIso: "2026-11-21T00:00:00Z" };
  assert.match(toCsv(session), /sits,0.000,2.000,,provisional/);
  assert.equal(JSON.parse(toJson(session)).segments[0].score, null);
});

test("rates and quantiles are those of the last seconds", () => {
  const recent = new Recent();
  assert.equal(recent.quantiles(0), null);
  for (let n = 0; n <= 1000; n++) recent.push(40 * n, n % 101);
  assert.ok(Math.abs(recent.rate(40000) - 25) < 0.5);
  const { p50, p95 } = recent.quantiles(40000) ?? { p50: 0, p95: 0 };
  assert.ok(p50 < p95 && p95 <= 100);
  assert.equal(recent.rate(40000 + 2 * WINDOW_MS), 0);
});

test("the time to an answer is measured by the frame's number, lost answers cost nothing", () => {
  const meter = new Meter();
  for (let seq = 0; seq < 100; seq++) {
    meter.sent(33 * seq, 1000, seq);
    if (seq % 4 === 3) meter.receive(label(0, 0, { seq }), 33 * seq + 80);
  }
  assert.deepEqual(meter.answers.quantiles(3300), { p50: 80, p95: 80 });
  meter.receive(label(0, 0, { seq: 12345 }), 3400);
  assert.deepEqual(meter.answers.quantiles(3300), { p50: 80, p95: 80 });
});

test("drops are counted by reason and corrected by the server's accounts", () => {
  const meter = new Meter();
  const drop = (reason, count) => ({ type: "dropped", reason, first_seq: 0, last_seq: 0, count });
  meter.receive(drop("busy", 2), 0);
  meter.receive(drop("late", 1), 0);
  meter.receive(drop("busy", 3), 0);
  const text = () => badgesOf(meter, 0).find(({ name }) => name === "dropped")?.text;
  assert.equal(text(), "5 server busy, 1 came late");
  meter.receive({ type: "stats", dropped: { busy: 7, late: 0 }, errored: 2 }, 0);
  assert.equal(text(), "7 server busy");
  assert.equal(badgesOf(meter, 0).find(({ name }) => name === "refused")?.text, "2");
  meter.receive(WELCOME, 0);
  assert.equal(text(), undefined);
});

test("the state of the connection in words", () => {
  assert.equal(connectionText({ state: "open", transport: "webrtc" }), "connected over WebRTC");
  assert.equal(connectionText({ state: "retrying", retryInS: 2.1 }), "connection lost, again in 3 s");
  assert.equal(connectionText({ state: "failed", text: "no camera" }), "no camera");
});

test("a recording that is played again shows the same timeline", () => {
  const session = motionSession({ labels: LABELS, mode: "script", lengthsS: [3, 2, 4], endS: 30 });
  const recorder = new Recorder();
  const live = new TimelineModel();
  for (const { atS, message } of session) {
    recorder.receive(message, 5000 + 1000 * atS);
    live.receive(message, 5000 + 1000 * atS);
  }
  assert.equal(recorder.count, session.length);
  const { entries, durationMs, note } = readRecording(recorder.lines.join(""));
  assert.equal(note, "");
  assert.ok(Math.abs(durationMs - 1000 * (session.at(-1).atS - session[0].atS)) < 1);
  const replay = new Replay(entries);
  const again = new TimelineModel();
  const draw = random(1);
  for (let elapsedMs = 0; !replay.done; elapsedMs += 100 * draw()) {
    for (const { at_ms, message } of replay.due(elapsedMs)) {
      assert.ok(at_ms <= elapsedMs);
      again.receive(message, elapsedMs);
    }
  }
  assert.deepEqual(again.entries, live.entries);
  assert.deepEqual(again.labels, live.labels);
  assert.deepEqual(again.timesRevised, live.timesRevised);
});

test("bytes come back as they were: joints and grids", () => {
  const recorder = new Recorder();
  const pose = { type: "pose", seq: 3, time_s: 1.25, joints: walker(1.25) };
  const heat = heatmap(1.25, [{ x: 0.3, y: 0.6 }], 2);
  recorder.sent(pose, 10);
  recorder.receive(heat, 20);
  const { entries } = readRecording(recorder.lines.join(""));
  assert.deepEqual(entries.map(({ at_ms, from }) => [at_ms, from]), [[0, "client"], [10, "server"]]);
  assert.deepEqual(entries[0].message, pose);
  assert.deepEqual(entries[1].message, heat);
});

test("no recording holds a token", () => {
  const recorder = new Recorder();
  recorder.sent({ type: "hello", protocol: 1, client: "x", token: "hush", resume: "hush" }, 0);
  recorder.receive({ ...WELCOME, resume_token: "hush" }, 0);
  assert.ok(!recorder.lines.join("").includes("hush"));
});

test("a replay goes to any time and tells what comes from there on", () => {
  const entries = [0, 10, 20, 20, 30].map((at_ms) => ({ at_ms, from: "server", message: label(0, 0) }));
  const replay = new Replay(entries);
  assert.equal(replay.due(15).length, 2);
  assert.equal(replay.due(15).length, 0);
  replay.seek(20);
  assert.equal(replay.due(20).length, 2);
  replay.seek(0);
  assert.equal(replay.due(1e9).length, 5);
  assert.equal(replay.done, true);
  replay.seek(31);
  assert.equal(replay.done, true);
});

test("damaged lines are left out and counted; other files are refused in words", () => {
  const recorder = new Recorder();
  for (let n = 0; n < 5; n++) recorder.receive(label(n, 0), n);
  const cut = recorder.lines.join("").slice(0, -20);
  const { entries, note } = readRecording(cut);
  assert.equal(entries.length, 4);
  assert.equal(note, "1 of 5 lines are damaged: left out.");
  for (const text of ["", "{}", "HIERARCHY", '{"kind":"liveground recording","format":2}', recorder.lines[0]]) {
    assert.throws(() => readRecording(text), RecordingError);
  }
  for (const line of ["null", "[]", '{"at_ms":1,"from":"me","message":{"type":"label"}}', '{"at_ms":1,"from":"server","message":{"type":"heatmap"}}']) {
    assert.equal(readRecording(`${recorder.lines.join("")}${line}\n`).entries.length, 5);
  }
});

test("a recording ends where memory would", () => {
  const recorder = new Recorder(400);
  for (let n = 0; n < 50; n += 1) recorder.receive(segment({ id: n }), 1000 + n);
  assert.equal(recorder.full, true);
  assert.ok(recorder.count > 0 && recorder.count < 10);
  assert.equal(readRecording(recorder.lines.join("")).entries.length, recorder.count);
  recorder.clear();
  assert.equal(recorder.full, false);
});
