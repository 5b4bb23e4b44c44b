// Where everything of the timeline lies, and what it knows of the session.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Curve, KEPT } from "../../../clients/browser/views/curve.js";
import { Stretches } from "../../../clients/browser/views/stretches.js";
import { breakLines } from "../../../clients/browser/views/text_fit.js";
import {
  TimeWindow,
  barAt,
  clockText,
  layOut,
  ticks,
} from "../../../clients/browser/views/timeline_layout.js";
import { TimelineModel } from "../../../clients/browser/views/timeline_model.js";
import { cells, sentence } from "../../../clients/browser/views/timeline_words.js";
import { random } from "./views_seeded.mjs";

const LABELS = ["walks", "sits down", "waves"];
const SIZE = { width: 1000, height: 300, rem: 16 };

function configured(given = {}) {
  return {
    type: "configured",
    config: 1,
    mode: "watch",
    labels: LABELS,
    lookahead_s: 0.4,
    horizon_s: 2.5,
    ...given,
  };
}

function segment(given) {
  const index = given.index ?? 0;
  return {
    type: "segment",
    config: 1,
    id: 0,
    index,
    label: LABELS[index],
    start_s: 10,
    end_s: 12,
    score: 0.9,
    state: "provisional",
    ...given,
  };
}

function label(timeS, index, config = 1) {
  const scores = LABELS.map((_, at) => (at === index ? 0.8 : 0.1));
  const text = LABELS[index] ?? "unknown";
  return {
    type: "label",
    config,
    seq: 1,
    time_s: timeS,
    age_ms: 410,
    index,
    label: text,
    score: 0.8,
    scores,
  };
}

function told(...messages) {
  const model = new TimelineModel();
  model.receive(configured(), 0);
  messages.forEach((message, at) => model.receive(message, 1000 + at));
  return model;
}

test("times of the picture and pixels are one line: bars lie where their times are", () => {
  const draw = random(1);
  for (let trial = 0; trial < 50; trial++) {
    const startS = 10 + 10 * draw();
    const endS = startS + 0.5 + 3 * draw();
    const model = told(segment({ start_s: startS, end_s: endS }));
    const fromS = 5 + 3 * draw();
    const toS = fromS + 25;
    const layout = layOut(model, { fromS, toS }, 20, SIZE, 0);
    const [bar] = layout.bars;
    const toS_ = (x) => fromS + ((x - layout.plotX) / layout.plotWidth) * (toS - fromS);
    assert.ok(Math.abs(toS_(bar.x) - startS) < 1e-9);
    assert.ok(Math.abs(toS_(bar.x + bar.width) - endS) < 1e-9);
  }
});

test("lanes lie under each other between top and axis, the unknown last and thinner", () => {
  const layout = layOut(told(), { fromS: 0, toS: 30 }, 20, SIZE, 0);
  assert.deepEqual(layout.lanes.map((lane) => lane.label), [...LABELS, "unknown"]);
  layout.lanes.slice(1).forEach((lane, at) => {
    const above = layout.lanes[at];
    assert.ok(Math.abs(lane.y - above.y - above.height) < 1e-9);
  });
  const last = layout.lanes[3];
  assert.ok(last.height < layout.lanes[0].height);
  assert.ok(last.y + last.height <= layout.axisY + 1e-9);
});

test("a bar and its curve's place stay inside their lane", () => {
  for (const width of [360, 1280, 3840]) {
    const size = { width, height: 260, rem: width === 3840 ? 24 : 15 };
    const layout = layOut(told(segment({})), { fromS: 0, toS: 30 }, 20, size, 0);
    const [lane] = layout.lanes;
    const [bar] = layout.bars;
    assert.ok(bar.y >= lane.y && bar.y + bar.height < lane.y + lane.height - 4);
  }
});

test("64 prompts keep a readable height and are scrolled", () => {
  const model = new TimelineModel();
  model.receive(configured({ labels: Array.from({ length: 64 }, (_, n) => `prompt ${n}`) }), 0);
  const top = layOut(model, { fromS: 0, toS: 30 }, 20, SIZE, 0);
  assert.ok(top.overflow > 0);
  assert.ok(top.lanes[0].height >= 1.45 * SIZE.rem - 1e-9);
  const bottom = layOut(model, { fromS: 0, toS: 30 }, 20, SIZE, 1e6);
  const last = bottom.lanes[bottom.lanes.length - 1];
  assert.ok(Math.abs(last.y + last.height - bottom.axisY) < 1e-9);
});

test("segments out of view have no bar; those that reach into it have one", () => {
  const model = told(
    segment({ id: 0, start_s: 1, end_s: 4 }),
    segment({ id: 1, start_s: 4, end_s: 6, index: 1 }),
    segment({ id: 2, start_s: 16, end_s: 18, index: 2 }),
  );
  const { bars } = layOut(model, { fromS: 5, toS: 15 }, 20, SIZE, 0);
  assert.deepEqual(bars.map((bar) => bar.segment.id), [1]);
});

test("the bar under the pointer is found, the nearest of two thin ones", () => {
  const model = told(
    segment({ id: 0, start_s: 10, end_s: 10.02 }),
    segment({ id: 1, start_s: 10.2, end_s: 10.22 }),
  );
  const layout = layOut(model, { fromS: 0, toS: 30 }, 20, SIZE, 0);
  const [first, second] = layout.bars;
  const y = first.y + first.height / 2;
  assert.equal(barAt(layout, first.x + 1, y, 5)?.key, first.key);
  assert.equal(barAt(layout, second.x + 1, y, 5)?.key, second.key);
  assert.equal(barAt(layout, first.x - 40, y, 5), null);
  assert.equal(barAt(layout, first.x + 1, layout.lanes[2].y + 5, 5), null);
});

test("while the present is followed it stands still once the view is full", () => {
  const window = new TimeWindow();
  assert.deepEqual(window.range(100, 101), { fromS: 100, toS: 130 });
  const places = [140, 150, 300].map((nowS) => {
    const { fromS, toS } = window.range(100, nowS);
    return ((nowS - fromS) / (toS - fromS)).toFixed(6);
  });
  assert.equal(new Set(places).size, 1);
});

test("zooming holds the time under the pointer, within its bounds", () => {
  const draw = random(2);
  const window = new TimeWindow();
  window.goTo(50);
  for (let trial = 0; trial < 200; trial++) {
    const part = draw();
    const before = window.range(0, 0);
    const heldS = before.fromS + part * (before.toS - before.fromS);
    window.zoomBy(0.5 + 1.5 * draw(), part);
    const after = window.range(0, 0);
    const spanS = after.toS - after.fromS;
    assert.ok(Math.abs(after.fromS + part * spanS - heldS) < 1e-6);
    assert.ok(spanS >= 2 - 1e-9 && spanS <= 3600 + 1e-9);
  }
});

test("to choose a segment out of view brings it into view; one in view moves nothing", () => {
  const window = new TimeWindow();
  window.goTo(100);
  window.reveal(110, 115);
  assert.equal(window.range(0, 0).fromS, 100);
  window.reveal(10, 12);
  const { fromS, toS } = window.range(0, 0);
  assert.ok(fromS < 10 && toS > 12);
});

test("ticks lie on round times since the beginning, and their texts do not crowd", () => {
  const draw = random(3);
  for (let trial = 0; trial < 100; trial++) {
    const originS = 1000 * draw();
    const spanS = 2 * 1800 ** draw();
    const most = 4 + 20 * draw();
    const found = ticks(originS + 50, originS + 50 + spanS, most, originS);
    const texts = found.filter((tick) => tick.text !== null);
    assert.ok(texts.length <= most + 1);
    assert.equal(new Set(texts.map((tick) => tick.text)).size, texts.length);
    for (const tick of found) assert.ok(tick.timeS >= originS - 1e-6);
  }
  assert.deepEqual(ticks(0, 30, 10, NaN), []);
});

test("times are written as clocks", () => {
  assert.equal(clockText(0), "0:00");
  assert.equal(clockText(75), "1:15");
  assert.equal(clockText(59.96, 0.1), "1:00.0");
  assert.equal(clockText(9.96, 0.1), "0:10.0");
  assert.equal(clockText(3723), "1:02:03");
  assert.equal(clockText(-0.01), "0:00");
});

test("growth is no revision; a moved border, another label and taking back are", () => {
  const model = told(
    segment({ end_s: 11 }),
    segment({ end_s: 11.05 }),
    segment({ end_s: 11.1, state: "final" }),
  );
  assert.equal(model.revisions.length, 0);
  const revised = told(
    segment({ end_s: 11 }),
    segment({ end_s: 11.05, start_s: 9.5 }),
    segment({ end_s: 11.05, start_s: 9.5, index: 1, label: LABELS[1] }),
    segment({ end_s: 11.05, start_s: 9.5, index: 1, label: LABELS[1], state: "retracted" }),
  );
  assert.equal(revised.revisions.length, 3);
  assert.deepEqual([...revised.timesRevised.values()], [3]);
  assert.equal(revised.entries.length, 0);
});

test("revisions leave a ghost where the segment was", () => {
  const model = told(segment({ start_s: 10, end_s: 12 }), segment({ start_s: 11, end_s: 12 }));
  const { ghosts, bars } = layOut(model, { fromS: 0, toS: 30 }, 20, SIZE, 0);
  assert.equal(ghosts.length, 1);
  assert.ok(ghosts[0].x < bars[0].x);
  assert.ok(Math.abs(ghosts[0].x + ghosts[0].width - bars[0].x - bars[0].width) < 1e-9);
});

test("words that are asked for no longer keep a lane while their segments are in view", () => {
  const model = told(segment({ state: "final" }));
  model.receive(configured({ config: 2, labels: ["claps"] }), 0);
  const names = (from, to) => model.lanes(from, to).map((lane) => `${lane.kind} ${lane.label}`);
  assert.deepEqual(names(0, 30), ["step claps", "unknown unknown", "earlier walks"]);
  assert.deepEqual(names(100, 130), ["step claps", "unknown unknown"]);
});

test("a prompt that is called unknown keeps its own lane", () => {
  const model = new TimelineModel();
  model.receive(configured({ labels: ["unknown"] }), 0);
  model.receive(segment({ label: "unknown" }), 0);
  const { bars } = layOut(model, { fromS: 0, toS: 30 }, 20, SIZE, 0);
  assert.equal(bars[0].lane, 0);
});

test("unknown stretches are where the labels were unknown, and nowhere else", () => {
  const messages = [];
  for (let n = 0; n < 100; n++) messages.push(label(10 + n / 20, n >= 40 && n < 80 ? -1 : 0));
  const model = told(...messages);
  assert.equal(model.unknown.all.length, 1);
  assert.ok(Math.abs(model.unknown.all[0].startS - 12) < 1e-9);
  assert.ok(Math.abs(model.unknown.all[0].endS - 13.95) < 1e-9);
  assert.equal(model.currentIndex, 0);
  assert.ok(Math.abs(model.commitS - (10 + 99 / 20 - 2.5)) < 1e-9);
});

test("a session about video: stretches of presence stand in for segments", () => {
  const heatmap = (timeS, presences, config = 1) => ({
    type: "heatmap",
    config,
    seq: 1,
    time_s: timeS,
    key_time_s: timeS,
    age_ms: 40,
    columns: 1,
    rows: 1,
    heats: presences.map((presence, index) => {
      const present = presence > 0.5;
      return { index, present, presence, peaks: [], low: 0, high: 1, grid: new Uint8Array(1) };
    }),
  });
  const messages = [];
  for (let n = 0; n < 90; n++) messages.push(heatmap(n / 30, [n >= 30 ? 0.9 : 0.1, 0.1, n < 45 ? 0.8 : 0.2]));
  const model = told(...messages);
  const found = model.entries.map(({ segment: { label: text, state } }) => `${text} ${state}`);
  assert.deepEqual(found, ["waves final", "walks provisional"]);
  assert.ok(Math.abs(model.entries[1].segment.start_s - 1) < 1e-9);
  model.receive(heatmap(9, [0.9, 0.1, 0.1], 7), 0);
  assert.ok(model.newestS < 3, "results of another configuration are not this one's");
});

test("stretches of presence are parted by gaps and cut when the clock goes back", () => {
  const stretches = new Stretches();
  for (const timeS of [0, 0.4, 0.8, 2, 2.2]) stretches.seen(timeS, 0.7, 1);
  assert.deepEqual(stretches.all.map(({ startS, endS }) => [startS, endS]), [[0, 0.8], [2, 2.2]]);
  stretches.seen(0.5, 0.9, 1);
  assert.deepEqual(stretches.all.map(({ startS, endS }) => [startS, endS]), [[0, 0.5]]);
});

test("a curve keeps the highest value of each pixel, in order, and parts at gaps", () => {
  const curve = new Curve();
  const draw = random(4);
  const samples = [];
  for (let n = 0; n < 3000; n++) {
    const sample = { timeS: n / 20 + (n > 1500 ? 5 : 0), value: draw() };
    samples.push(sample);
    curve.push(sample.timeS, sample.value);
  }
  const points = curve.points(0, 160, 80, 0.6);
  assert.equal(points.filter(({ value }) => Number.isNaN(value)).length, 1);
  const drawn = points.filter(({ value }) => !Number.isNaN(value));
  for (let at = 1; at < drawn.length; at++) assert.ok(drawn[at].x > drawn[at - 1].x);
  for (const { x, value } of drawn) {
    const pixel = Math.floor(x);
    const there = samples.filter(({ timeS }) => Math.floor(timeS / 2) === pixel);
    assert.ok(there.some((sample) => Math.abs(sample.value - value) < 1e-6));
  }
  const most = Math.max(...samples.map((sample) => sample.value));
  assert.ok(drawn.some(({ value }) => Math.abs(value - most) < 1e-6));
});

test("a curve forgets the oldest and takes the place of what lies after a step back", () => {
  const curve = new Curve();
  for (let n = 0; n < KEPT + 500; n++) curve.push(n, 0.5);
  assert.equal(curve.count, KEPT);
  assert.equal(curve.points(0, 400, 400, 10).length <= 1, true);
  curve.push(KEPT, 0.9);
  assert.ok(curve.count <= KEPT - 498);
  assert.ok(Math.abs(curve.points(KEPT - 2, KEPT + 100, 102, 10).at(-1).value - 0.9) < 1e-6);
});

test("lines break at words, hold the width and say what was cut", () => {
  const measure = (text) => [...text].length;
  const draw = random(5);
  const words = ["picks", "up", "a", "cup", "Donaudampfschiff", "and", "drinks"];
  for (let trial = 0; trial < 200; trial++) {
    const text = Array.from({ length: 1 + 8 * draw() }, () => words[Math.floor(7 * draw())]).join(" ");
    const width = 6 + Math.floor(20 * draw());
    const most = 1 + Math.floor(3 * draw());
    const lines = breakLines(measure, text, width, most);
    assert.ok(lines.length <= most);
    for (const line of lines) assert.ok(measure(line) <= width, line);
    if (!lines.some((line) => line.endsWith("…"))) assert.equal(lines.join(" "), text);
  }
});

test("the timeline in words", () => {
  const given = segment({ start_s: 70, end_s: 72.34 });
  assert.deepEqual(cells(given, 10), ["walks", "1:00.0", "1:02.3", "0.90", "provisional"]);
  assert.equal(
    sentence(given, 10, 2),
    "walks, 1:00.0 to 1:02.3, score 0.90, provisional, revised 2 times",
  );
});

test("an evening of other words and segments does not fill the memory", () => {
  const model = new TimelineModel();
  for (let config = 1; config <= 1000; config++) {
    const words = `action ${config}`;
    model.receive(configured({ config, labels: [words] }), 0);
    model.receive(label(config, 0, config), 0);
    for (let id = 0; id < 10; id++) model.receive(segment({ config, id, label: words }), 0);
  }
  assert.ok(model.curves.size <= 101);
  assert.ok(model.entries.length <= 5000);
  assert.equal(model.entries.at(-1).segment.label, "action 1000");
});
