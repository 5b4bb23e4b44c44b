/** Files and the synthetic performer: what Python wrote, read in JavaScript. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { wantedOf } from "../../../clients/browser/page/wanted.js";
import { connectionOf, storedText } from "../../../clients/browser/page/state.js";
import { NpzError, readNpz } from "../../../clients/browser/sources/npz.js";
import { perform, resampled, routineOf, seeded } from "../../../clients/browser/sources/performer.js";

const ROUTINE = new URL("../../../clients/performer/routine.npz", import.meta.url);

/** @param {URL} url */
function bytesOf(url) {
  const file = readFileSync(url);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

const routine = routineOf(await readNpz(bytesOf(ROUTINE)));

test("the routine is what Python wrote", () => {
  assert.equal(routine.clips.length, 29);
  assert.equal(routine.clips[0].action, "a person walks forward");
  assert.deepEqual([routine.clips[26].start, routine.clips[26].end], ["stand", "sit"]);
  for (const clip of routine.clips) {
    for (const frame of clip.frames) assert.ok(frame.every((value) => Math.abs(value) < 20));
  }
});

test("what is no archive is refused in words", async () => {
  await assert.rejects(readNpz(new TextEncoder().encode("no archive at all, truly").buffer), NpzError);
  const cut = bytesOf(ROUTINE).slice(0, 20_000);
  await assert.rejects(readNpz(cut), NpzError);
});

test("a performance goes on without jumps, and is the same for one seed", () => {
  const one = perform(routine, seeded(1));
  const other = perform(routine, seeded(1));
  let before = null;
  const actions = new Set();
  for (let count = 0; count < 3000; count++) {
    const { joints, action } = one.next().value;
    assert.deepEqual(joints, other.next().value.joints);
    actions.add(action);
    if (before) {
      const step = Math.max(...joints.map((value, at) => Math.abs(value - before[at])));
      assert.ok(step < 16 / routine.rateHz, `${action}: ${step} m in one frame`);
    }
    before = joints;
  }
  assert.ok(actions.size > 8);
});

test("at another rate the same poses come at the same times", () => {
  const clean = perform(routine, seeded(3));
  const dense = resampled(perform(routine, seeded(3)), routine.rateHz, 3 * routine.rateHz);
  for (let count = 0; count < 300; count++) {
    const expected = clean.next().value.joints;
    const found = dense.next().value.joints;
    assert.ok(found.every((value, at) => Math.abs(value - expected[at]) < 1e-5));
    dense.next();
    dense.next();
  }
});

test("one line is an instruction, several are a list", () => {
  assert.deepEqual(wantedOf(" walks, then waves ", "script"), { instruction: "walks, then waves", mode: "script" });
  assert.deepEqual(wantedOf("walks\n\n waves\n", "script"), { steps: ["walks", "waves"] });
  assert.deepEqual(wantedOf("walks\nwaves", "watch"), { prompts: ["walks", "waves"] });
  assert.equal(wantedOf(" \n", "watch"), null);
});

test("the worst connection is shown, with the time until the next attempt", () => {
  const state = (phase, rest = {}) => ({ phase, transport: null, retryAtMs: null, text: "", ...rest });
  const open = state("open", { transport: "webrtc" });
  assert.deepEqual(connectionOf([open, open], 0), { state: "open", transport: "webrtc" });
  assert.deepEqual(connectionOf([open, state("waiting", { retryAtMs: 3000 })], 1000), { state: "retrying", retryInS: 2 });
  assert.deepEqual(connectionOf([state("ended", { text: "No." })], 0), { state: "failed", text: "No." });
  assert.deepEqual(connectionOf([state("ended")], 0), { state: "closed" });
});

test("what is stored is said as it is", () => {
  assert.match(storedText("off"), /nothing is stored/);
  assert.match(storedText("messages"), /pictures are not/);
  assert.match(storedText("messages_and_images"), /pictures are stored/);
});
