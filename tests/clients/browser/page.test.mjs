/** What the page decides: playing from any place, recordings told again, marks, files of examples. */

import assert from "node:assert/strict";
import test from "node:test";

import { namesOf, wordless } from "../../../clients/browser/page/examples.js";
import { Playing } from "../../../clients/browser/page/playing.js";
import { Replaying } from "../../../clients/browser/page/replaying.js";
import { videoText } from "../../../clients/browser/page/state.js";
import { MotionReel } from "../../../clients/browser/sources/reels.js";
import { CaptureClock } from "../../../clients/browser/views/capture_clock.js";
import { motionSession, walker } from "../../../clients/browser/views/gallery_data.js";
import { endAt, timeAt, withEnd } from "../../../clients/browser/views/timeline_marks.js";
import { TimelineModel } from "../../../clients/browser/views/timeline_model.js";
import { random } from "./views_seeded.mjs";

/** A reel that is wound by hand. */
class Wound {
  durationS = 10;
  positionS = 0;
  playing = false;
  play() {
    if (this.positionS >= this.durationS) this.positionS = 0;
    this.playing = true;
  }
  pause() {
    this.playing = false;
  }
  look(positionS) {
    this.positionS = positionS;
  }
  stop() {
    this.playing = false;
  }
}

/** A reel that is played, and how often sessions had to begin. */
async function played() {
  const reel = new Wound();
  const began = [];
  const playing = new Playing(reel, async () => void began.push(reel.positionS));
  await playing.play();
  reel.positionS = 4;
  return { reel, playing, began };
}

test("what is held goes on with the same sessions", async () => {
  const { reel, playing, began } = await played();
  playing.pause();
  assert.equal(playing.playing, false);
  assert.equal(playing.elsewhere, false);
  await playing.play();
  assert.equal(reel.playing, true);
  assert.deepEqual(began, [0]);
});

test("looking elsewhere and back changes nothing; playing on from elsewhere asks anew", async () => {
  const { reel, playing, began } = await played();
  playing.look(1);
  assert.equal(reel.playing, false);
  assert.equal(playing.elsewhere, true);
  playing.look(4);
  assert.equal(playing.elsewhere, false);
  await playing.play();
  assert.deepEqual(began, [0]);
  playing.look(1.5);
  await playing.play();
  assert.deepEqual(began, [0, 1.5]);
  playing.look(8);
  await playing.play();
  assert.deepEqual(began, [0, 1.5, 8]);
});

test("what has ended begins anew, wherever", async () => {
  const { reel, playing, began } = await played();
  reel.positionS = 10;
  reel.playing = false;
  playing.ended();
  assert.equal(playing.elsewhere, false);
  await playing.play();
  assert.deepEqual(began, [0, 10]);
  assert.equal(reel.positionS, 0);
});

test("what is held before its sessions have begun waits, and begins them once more", async () => {
  const reel = new Wound();
  let ready = () => {};
  let began = 0;
  const playing = new Playing(reel, () => new Promise((resolve) => ((ready = resolve), (began += 1))));
  const first = playing.play();
  assert.equal(playing.playing, true);
  playing.pause();
  ready();
  await first;
  assert.equal(reel.playing, false);
  const second = playing.play();
  ready();
  await second;
  assert.equal(reel.playing, true);
  assert.equal(began, 2);
});

test("recorded motion is played from where one is, with the recording's own times", async () => {
  const frames = Array.from({ length: 40 }, (_, at) => Float32Array.of(at));
  const [sent, looked] = [[], []];
  await new Promise((ended) => {
    const reel = new MotionReel(frames, 100, {
      played: (joints, timeS) => sent.push([joints[0], timeS]),
      looked: (joints) => looked.push(joints[0]),
      ended: () => ended(undefined),
    });
    assert.equal(reel.durationS, 0.4);
    reel.look(0.2);
    reel.play();
  });
  assert.deepEqual(looked, [20]);
  assert.deepEqual(sent.map(([joint]) => joint), Array.from({ length: 20 }, (_, at) => 20 + at));
  for (const [joint, timeS] of sent) assert.ok(Math.abs(timeS - joint / 100) < 1e-9);
});

/** A recorded session with bodies, and the timeline of all that was told up to a time. */
function recorded() {
  const session = motionSession({ labels: ["walks", "sits"], mode: "script", lengthsS: [3, 2], endS: 12 });
  const entries = session.map(({ atS, message }) => ({ at_ms: 1000 * (atS - session[0].atS), from: "server", message }));
  for (let atMs = 5; atMs < 11_000; atMs += 50) {
    entries.push({ at_ms: atMs, from: "client", message: { type: "pose", seq: 0, time_s: 0, joints: walker(0) } });
  }
  return entries.sort((a, b) => a.at_ms - b.at_ms);
}

test("at any place a recording shows what had been told by then", () => {
  const entries = recorded();
  let shown = new TimelineModel();
  const replaying = new Replaying(entries, {
    tell: ({ from, message }, atMs) => from === "server" && shown.receive(message, atMs),
    forget: () => (shown = new TimelineModel()),
  });
  const draw = random(5);
  for (let times = 0; times < 30; times++) {
    const positionS = draw() * replaying.durationS;
    replaying.look(positionS, 1e6 + times);
    assert.equal(replaying.positionS, positionS);
    const expected = new TimelineModel();
    for (const { at_ms, from, message } of entries) {
      if (from === "server" && at_ms <= 1000 * positionS) expected.receive(message, at_ms);
    }
    assert.deepEqual(shown.entries, expected.entries);
    assert.deepEqual(shown.labels, expected.labels);
  }
});

test("a recording goes on from where it is held, ends, and begins again", () => {
  let told = 0;
  const replaying = new Replaying(recorded(), { tell: () => (told += 1), forget: () => (told = 0) });
  replaying.look(2, 0);
  replaying.play(50_000);
  replaying.draw(51_000);
  assert.ok(Math.abs(replaying.positionS - 3) < 1e-9);
  replaying.pause();
  replaying.draw(60_000);
  assert.ok(Math.abs(replaying.positionS - 3) < 1e-9);
  replaying.play(70_000);
  replaying.draw(99_000);
  assert.equal(replaying.positionS, replaying.durationS);
  assert.equal(replaying.playing, false);
  const all = told;
  replaying.play(100_000);
  assert.ok(told < all / 10);
});

test("old bodies are not told again: only what leaves something on the screen", () => {
  const told = { server: 0, client: 0 };
  const entries = recorded();
  const replaying = new Replaying(entries, { tell: ({ from }) => (told[from] += 1), forget: () => {} });
  replaying.look(replaying.durationS, 0);
  assert.equal(told.server, entries.filter(({ from }) => from === "server").length);
  assert.ok(told.client > 0 && told.client < 80);
});

test("the capture clock stands while playing is held", () => {
  const clock = new CaptureClock();
  clock.captured(5, 1000);
  clock.hold(1200);
  assert.ok(Math.abs(clock.nowS(9000) - 5.2) < 1e-9);
  clock.release();
  assert.equal(clock.nowS(9000), 6);
});

test("ends of a mark are taken within reach, and never cross", () => {
  const layout = { fromS: 10, toS: 30, plotX: 100, plotWidth: 400 };
  const mark = { startS: 15, endS: 20 };
  assert.equal(timeAt(layout, 200), 15);
  assert.equal(endAt(layout, mark, 205, 10), "startS");
  assert.equal(endAt(layout, mark, 295, 10), "endS");
  assert.equal(endAt(layout, mark, 250, 10), null);
  assert.equal(endAt(layout, null, 200, 10), null);
  const draw = random(3);
  let moved = mark;
  for (let times = 0; times < 200; times++) {
    moved = withEnd(moved, draw() < 0.5 ? "startS" : "endS", 40 * draw());
    assert.ok(moved.endS - moved.startS > 0.09);
  }
});

test("files of examples: their names, and which of them say nothing", () => {
  const shown = [{ name: "twirls", vectors: [[1], [1]], words: true }, { name: "x17", vectors: [[1]], words: false }];
  const content = JSON.stringify({ kind: "liveground examples", format: 1, examples: shown });
  assert.deepEqual([...namesOf(content, "moves.json")], [["twirls", 2], ["x17", 1]]);
  assert.deepEqual([...wordless(content)], ["x17"]);
  assert.deepEqual([...wordless("")], []);
  for (const other of ["", "{}", "[1]", "null", '{"kind":"liveground examples"}', "HIERARCHY"]) {
    assert.throws(() => namesOf(other, "moves.json"), /moves.json holds no examples/);
  }
});

test("what a video model cannot do is said", () => {
  const model = { name: "clip", version: "1", sha256: "", size_px: 224, calibrated: true, notice: "Rendered scenes only." };
  assert.match(videoText(undefined), /no video model/);
  assert.equal(videoText(model), "Rendered scenes only.");
  assert.match(videoText({ ...model, calibrated: false }), /^Rendered scenes only. This video model is not calibrated/);
});
