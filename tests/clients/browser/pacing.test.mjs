/** When images may go, how small they are, and how long a lost connection is left alone. */

import assert from "node:assert/strict";
import test from "node:test";

import { delaysS, FIRST_DELAY_S, LONGEST_DELAY_S } from "../../../clients/browser/sdk/backoff.js";
import { BEST_QUALITY, Pacing, WORST_QUALITY } from "../../../clients/browser/sdk/pacing.js";

test("one image is on its way at a time", () => {
  const pacing = new Pacing();
  assert.ok(pacing.free(0, 0));
  pacing.sent(4, 0);
  assert.ok(!pacing.free(0.5, 0));
  pacing.outcome(3, 0.6, 0);
  assert.ok(!pacing.free(0.7, 0), "the outcome of an older one frees nothing");
  pacing.outcome(4, 0.8, 0);
  assert.ok(pacing.free(0.9, 0));
});

test("an image of which nothing is heard does not stop the camera for good", () => {
  const pacing = new Pacing();
  pacing.sent(0, 0);
  assert.ok(!pacing.free(1.9, 0));
  assert.ok(pacing.free(2.1, 0));
});

test("nothing goes while bytes wait, and images grow smaller", () => {
  const pacing = new Pacing();
  assert.ok(!pacing.free(0, 100_000));
  assert.ok(pacing.quality < BEST_QUALITY);
  for (let at = 0; at < 100; at++) pacing.free(at, 100_000);
  assert.equal(pacing.quality, WORST_QUALITY);
});

test("a slow network makes images smaller, a slow server does not, and a fast one better again", () => {
  const pacing = new Pacing();
  pacing.sent(0, 0);
  pacing.outcome(0, 1, 0.95);
  assert.equal(pacing.quality, BEST_QUALITY);
  pacing.sent(1, 1);
  pacing.outcome(1, 2, 0.05);
  assert.ok(pacing.quality < BEST_QUALITY);
  for (let seq = 2; seq < 100; seq++) {
    pacing.sent(seq, seq);
    pacing.outcome(seq, seq + 0.05, 0.01);
  }
  assert.equal(pacing.quality, BEST_QUALITY);
});

test("delays grow to a bound and are scattered", () => {
  const delays = delaysS(() => 1);
  const found = Array.from({ length: 10 }, () => delays.next().value);
  assert.equal(found[0], FIRST_DELAY_S);
  assert.equal(found[1], 2 * FIRST_DELAY_S);
  assert.equal(found.at(-1), LONGEST_DELAY_S);
  assert.equal(delaysS(() => 0).next().value, FIRST_DELAY_S / 2);
});
