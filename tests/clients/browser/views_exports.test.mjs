// What is exported can be read again, and says the same.
import assert from "node:assert/strict";
import { test } from "node:test";

import { toCsv, toElan, toJson, toWebVtt } from "../../../clients/browser/views/exports.js";

/** @param {object} given */
function segment(given) {
  return {
    type: "segment",
    config: 1,
    id: 0,
    index: 0,
    label: "walks",
    start_s: 100,
    end_s: 101.5,
    score: 0.91234,
    state: "final",
    ...given,
  };
}

const SESSION = {
  originS: 100,
  lanes: ["walks", 'says "a, b" & <c>', "never done"],
  media: "take 1.mp4",
  dateIso: "2026-11-21T12:00:00.000Z",
  segments: [
    segment({ id: 2, start_s: 3704.0005, end_s: 3705.25, state: "provisional" }),
    segment({ id: 0 }),
    segment({ id: 1, label: 'says "a, b" & <c>', start_s: 101.5, end_s: 103 }),
  ],
};

test("JSON holds every segment by time, in seconds since the origin", () => {
  const file = JSON.parse(toJson(SESSION));
  assert.equal(file.kind, "liveground segments");
  assert.deepEqual(file.labels, SESSION.lanes);
  assert.deepEqual(
    file.segments.map(({ start_s, end_s, state }) => [start_s, end_s, state]),
    [
      [0, 1.5, "final"],
      [1.5, 3, "final"],
      [3604.001, 3605.25, "provisional"],
    ],
  );
});

test("CSV quotes what needs it and hands no formulas to spreadsheets", () => {
  const lines = toCsv(SESSION).split("\r\n");
  assert.equal(lines[0], "label,start_s,end_s,score,state,config,id");
  assert.equal(lines[1], "walks,0.000,1.500,0.9123,final,1,0");
  assert.equal(lines[2], '"says ""a, b"" & <c>",1.500,3.000,0.9123,final,1,1');
  assert.equal(lines.length, 5);
  const formula = toCsv({ ...SESSION, segments: [segment({ label: "=HYPERLINK(1)" })] });
  assert.ok(formula.includes("\r\n'=HYPERLINK(1),"));
});

test("WebVTT begins as it must, escapes text and never has a cue of no length", () => {
  const text = toWebVtt({ ...SESSION, segments: [...SESSION.segments, segment({ end_s: 100 })] });
  const blocks = text.trim().split("\n\n");
  assert.equal(blocks[0], "WEBVTT");
  assert.equal(blocks[1], "00:00:00.000 --> 00:00:00.001\nwalks");
  assert.ok(blocks.includes('00:00:01.500 --> 00:00:03.000\nsays "a, b" &amp; &lt;c&gt;'));
  assert.ok(blocks.includes("01:00:04.001 --> 01:00:05.250\nwalks (provisional)"));
  assert.ok(!text.slice(6).includes("-->\n"));
});

test("WebVTT has one cue a line, whatever is in the label", () => {
  const label = "a\n\n00:00:00.000 --> 00:00:09.000\nb";
  const text = toWebVtt({ ...SESSION, segments: [segment({ label })] });
  assert.equal(text.match(/^\d\d:\d\d:\d\d\.\d{3} -->/gm)?.length, 1);
});

test("ELAN: a tier for each lane, slots in order, every reference there", () => {
  const text = toElan(SESSION);
  const slots = [...text.matchAll(/TIME_SLOT_ID="(\w+)" TIME_VALUE="(\d+)"/g)];
  assert.equal(slots.length, 2 * SESSION.segments.length);
  const values = slots.map(([, , ms]) => Number(ms));
  assert.deepEqual(values, [...values].sort((a, b) => a - b));
  const ids = new Map(slots.map(([, id, ms]) => [id, Number(ms)]));
  const spans = [...text.matchAll(/TIME_SLOT_REF1="(\w+)" TIME_SLOT_REF2="(\w+)"/g)];
  assert.deepEqual(
    spans.map(([, from, to]) => [ids.get(from), ids.get(to)]),
    [
      [0, 1500],
      [3604001, 3605250],
      [1500, 3000],
    ],
  );
  assert.equal(text.match(/<TIER /g)?.length, 3);
  assert.ok(text.includes('TIER_ID="never done"/>'));
  assert.ok(text.includes("<ANNOTATION_VALUE>walks (provisional)</ANNOTATION_VALUE>"));
});

test("ELAN: annotations of a tier do not overlap", () => {
  const segments = [
    segment({ id: 0, start_s: 100, end_s: 104 }),
    segment({ id: 1, start_s: 102, end_s: 105, config: 2 }),
    segment({ id: 2, start_s: 102, end_s: 103, config: 3 }),
  ];
  const text = toElan({ ...SESSION, lanes: ["walks"], segments });
  const values = [...text.matchAll(/TIME_VALUE="(\d+)"/g)].map(([, ms]) => Number(ms));
  assert.deepEqual(values, [0, 2000, 2000, 5000]);
});

test("an empty session gives files that are valid and empty", () => {
  const empty = { segments: [], lanes: [], originS: NaN, dateIso: SESSION.dateIso };
  assert.deepEqual(JSON.parse(toJson(empty)).segments, []);
  assert.equal(toCsv(empty).trim().split("\r\n").length, 1);
  assert.equal(toWebVtt(empty).trim(), "WEBVTT");
  assert.ok(!toElan(empty).includes("<TIER"));
});
