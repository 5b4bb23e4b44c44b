// Heatmaps over pictures, colours, bodies: where things lie and how they fade.
import assert from "node:assert/strict";
import { test } from "node:test";

import { CaptureClock } from "../../../clients/browser/views/capture_clock.js";
import { heatRamp, oklch } from "../../../clients/browser/views/colour.js";
import { heatmap, walker } from "../../../clients/browser/views/gallery_data.js";
import {
  FRESH_S,
  GONE_S,
  cellsOf,
  chosen,
  colourGrid,
  contain,
  fade,
  wordsOf,
} from "../../../clients/browser/views/heat_picture.js";
import { JOINTS, PARENTS } from "../../../clients/browser/views/poses.js";
import { OrbitCamera, floorUnder } from "../../../clients/browser/views/projection.js";
import { random } from "./views_seeded.mjs";

/** A ramp in which colour number n is (n, n, n, n). */
const PLAIN = new Uint8ClampedArray(1024).map((_, at) => at >> 2);

function image(width, height) {
  return { width, height, data: new Uint8ClampedArray(4 * width * height) };
}

test("a picture is put as object-fit: contain puts it: whole, in the middle, in its shape", () => {
  const draw = random(1);
  for (let trial = 0; trial < 200; trial++) {
    const host = { width: 100 + 1000 * draw(), height: 100 + 1000 * draw() };
    const picture = { width: 100 + 1000 * draw(), height: 100 + 1000 * draw() };
    const box = contain(host, picture);
    assert.ok(Math.abs(box.width / box.height - picture.width / picture.height) < 1e-9);
    assert.ok(Math.abs(2 * box.x + box.width - host.width) < 1e-9);
    assert.ok(Math.abs(2 * box.y + box.height - host.height) < 1e-9);
    assert.ok(Math.min(box.x, box.y) < 1e-9 && Math.min(box.x, box.y) > -1e-9);
  }
  const tall = contain({ width: 1280, height: 720 }, { width: 480, height: 640 });
  assert.deepEqual(tall, { x: 370, y: 0, width: 540, height: 720 });
});

test("while the picture's size is not known the whole box is taken", () => {
  assert.deepEqual(contain({ width: 30, height: 20 }, { width: 0, height: 0 }), {
    x: 0,
    y: 0,
    width: 30,
    height: 20,
  });
});

test("a heatmap fades with the age of its frame, never comes back and is gone in the end", () => {
  let before = 1;
  for (let percent = -50; percent < 200; percent++) {
    const ageS = percent / 100;
    const now = fade(ageS);
    assert.ok(now <= before && now >= 0);
    assert.equal(now === 1, ageS <= FRESH_S);
    if (ageS >= GONE_S) assert.equal(now, 0);
    before = now;
  }
  assert.equal(fade(NaN), 0);
});

test("the capture clock runs on between frames, but not for ever", () => {
  const clock = new CaptureClock();
  assert.ok(Number.isNaN(clock.nowS(5)));
  clock.captured(100, 5000);
  assert.equal(clock.nowS(5250), 100.25);
  assert.equal(clock.nowS(60000), 101);
  assert.equal(clock.nowS(4000), 100);
});

test("enlarging: level grids stay level, corners are cells, all lies between the cells", () => {
  const draw = random(2);
  for (let trial = 0; trial < 30; trial++) {
    const columns = 1 + Math.floor(9 * draw());
    const rows = 1 + Math.floor(9 * draw());
    const cells = Uint8Array.from({ length: columns * rows }, () => 256 * draw());
    const picture = image(8 * columns, 8 * rows);
    colourGrid(cells, columns, rows, picture, PLAIN);
    assert.equal(picture.data[0], cells[0]);
    assert.equal(picture.data.at(-1), cells.at(-1));
    assert.ok(Math.max(...picture.data) <= Math.max(...cells));
    assert.ok(Math.min(...picture.data) >= Math.min(...cells));
  }
  const level = image(24, 16);
  colourGrid(new Uint8Array(6).fill(99), 3, 2, level, PLAIN);
  assert.ok(level.data.every((value) => value === 99));
});

test("enlarging is bilinear: half-way between two cells lies their mean", () => {
  const picture = image(20, 10);
  colourGrid(Uint8Array.of(0, 200), 2, 1, picture, PLAIN);
  const row = Array.from({ length: 20 }, (_, x) => picture.data[4 * x]);
  assert.deepEqual(row.slice(0, 5), [0, 0, 0, 0, 0]);
  assert.deepEqual([row[9], row[10]], [90, 110]);
  assert.deepEqual(row.slice(15), [200, 200, 200, 200, 200]);
});

test("both forms of the wire hold the same cells", () => {
  const heat = { ...heatmap(1, [{ x: 0.5, y: 0.5 }], 1).heats[0] };
  const bytes = cellsOf(heat);
  const text = { ...heat, grid: Buffer.from(bytes).toString("base64") };
  assert.deepEqual(cellsOf(text), bytes);
});

test("the surest present prompt is shown, an absent one only if there is no other", () => {
  const message = heatmap(1, [], 3);
  [0.3, 0.9, 0.6].forEach((presence, at) => (message.heats[at].presence = presence));
  assert.equal(chosen(message, "best")?.index, 1);
  message.heats[2].present = true;
  assert.equal(chosen(message, "best")?.index, 2);
  assert.equal(chosen(message, 0)?.index, 0);
  assert.equal(chosen(message, 9), null);
});

test("absence and staleness are said in words", () => {
  const [there] = heatmap(1, [{ x: 0.5, y: 0.5 }], 1).heats;
  const [absent] = heatmap(1, [], 1).heats;
  assert.equal(wordsOf("waves", there, 0.1, true), "waves: 93 %");
  assert.equal(wordsOf("waves", absent, 0.1, true), "waves: absent (8 %)");
  assert.equal(wordsOf("waves", there, 1.2, true), "waves: no fresh result");
  assert.equal(wordsOf("waves", null, 0.1, true), "");
  assert.equal(wordsOf("waves", there, 0.1, false), "waves: where it fits best");
});

test("the ramp rises in lightness and opacity and is clear where low", () => {
  const ramp = heatRamp();
  let before = -1;
  for (let level = 0; level < 256; level++) {
    const [red, green, blue, alpha] = ramp.subarray(4 * level, 4 * level + 4);
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    assert.ok(light >= before - 1.5, `level ${level}`);
    if (level) assert.ok(alpha >= ramp[4 * level - 1]);
    before = Math.max(before, light);
  }
  assert.equal(ramp[3], 0);
  assert.equal(ramp[4 * 40 + 3], 0);
  assert.equal(ramp[4 * 255 + 3], 255);
});

test("OKLCH: known colours, and no lightness but 0 is black", () => {
  assert.deepEqual(oklch(1, 0, 0), [255, 255, 255]);
  assert.deepEqual(oklch(0, 0, 0), [0, 0, 0]);
  assert.deepEqual(oklch(0.62796, 0.25768, 29.234), [255, 0, 0]);
  assert.deepEqual(oklch(0.45201, 0.31321, 264.052), [0, 0, 255]);
});

test("what the camera looks at is in the middle, from any side and distance", () => {
  const draw = random(3);
  const camera = new OrbitCamera();
  const size = { width: 640, height: 400 };
  for (let trial = 0; trial < 100; trial++) {
    camera.target = [4 * draw() - 2, draw(), 4 * draw() - 2];
    camera.orbit(6 * draw() - 3, draw() - 0.5);
    camera.zoomBy(0.5 + draw());
    const spot = camera.project(camera.target, size);
    assert.ok(spot && Math.abs(spot.x - 320) < 1e-9 && Math.abs(spot.y - 200) < 1e-9);
    assert.ok(Math.abs(spot.depth - camera.distance) < 1e-9);
  }
});

test("from the front, a body that faces the camera has its left on the right; up is up", () => {
  const camera = new OrbitCamera();
  camera.orbit(-camera.yaw, 0);
  const size = { width: 640, height: 400 };
  const [left, head, ahead] = [[0.3, 0.85, 0], [0, 1.5, 0], [0, 0.85, 0.5]];
  assert.ok(camera.project(left, size).x > 320);
  assert.ok(camera.project(head, size).y < 200);
  assert.ok(camera.project(ahead, size).depth < camera.distance);
});

test("lines are cut before they come behind the camera", () => {
  const camera = new OrbitCamera();
  camera.pitch = 0;
  camera.yaw = 0;
  const size = { width: 640, height: 400 };
  const line = camera.line([0, 0.85, -5], [0, 0.85, 50], size);
  assert.ok(line && line.every((spot) => spot.depth >= 0.2 - 1e-9));
  assert.equal(camera.line([0, 0, 40], [0, 1, 50], size), null);
  assert.equal(camera.project([0, 0, 40], size), null);
});

test("a rig with a floor stands on it; one without has it under its feet", () => {
  assert.equal(floorUnder(0, 0.02), 0);
  assert.equal(floorUnder(0, -0.1), 0);
  let floor = floorUnder(0, -0.9);
  assert.equal(floor, -0.9);
  for (let n = 0; n < 300; n++) floor = floorUnder(floor, -0.7);
  assert.ok(Math.abs(floor + 0.7) < 0.01);
});

test("the gallery's figure is a body: bones keep a plausible length", () => {
  for (let timeS = 0; timeS < 10; timeS += 0.1) {
    const joints = walker(timeS);
    PARENTS.forEach((parent, joint) => {
      if (parent < 0) return;
      const length = Math.hypot(
        ...[0, 1, 2].map((axis) => joints[3 * joint + axis] - joints[3 * parent + axis]),
      );
      assert.ok(length > 0.02 && length < 0.75, `${JOINTS[joint]} ${length} at ${timeS}`);
    });
  }
});
