/**
 * Segments as files: JSON, CSV, WebVTT, ELAN. Pure: a session in, a string out.
 */

/** @typedef {import("../protocol.js").Segment} Segment */
/** @typedef {{segments: Segment[], lanes: string[], originS: number, media?: string,
 *   dateIso: string}} Session `originS`: capture time that is 0 in the file; `lanes`: texts in order;
 *   `media`: name of the file that the times speak of; `dateIso`: when it was written */

const CUE_LEAST_S = 0.001;

/**
 * Seconds since the origin, to the millisecond, never before it.
 * @param {number} timeS
 * @param {Session} session
 */
function since(timeS, session) {
  return Math.max(0, Math.round(1000 * (timeS - session.originS)) / 1000);
}

/** @param {Session} session */
function byTime(session) {
  return [...session.segments].sort((a, b) => a.start_s - b.start_s || a.end_s - b.end_s);
}

/**
 * @param {Session} session
 * @returns {string}
 */
export function toJson(session) {
  const file = {
    kind: "liveground segments",
    format: 1,
    date: session.dateIso,
    media: session.media,
    labels: session.lanes,
    origin_s: session.originS,
    segments: byTime(session).map((segment) => ({
      label: segment.label,
      start_s: since(segment.start_s, session),
      end_s: since(segment.end_s, session),
      score: rounded(segment.score),
      state: segment.state,
      config: segment.config,
      id: segment.id,
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * RFC 4180. Texts that a spreadsheet would take for formulas begin with an apostrophe.
 * @param {Session} session
 * @returns {string}
 */
export function toCsv(session) {
  const rows = byTime(session).map((segment) => [
    cell(segment.label),
    since(segment.start_s, session).toFixed(3),
    since(segment.end_s, session).toFixed(3),
    Number.isNaN(segment.score) ? "" : segment.score.toFixed(4),
    segment.state,
    segment.config,
    segment.id,
  ]);
  const head = ["label", "start_s", "end_s", "score", "state", "config", "id"];
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** @param {string} text */
function cell(text) {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/**
 * https://www.w3.org/TR/webvtt1/
 * @param {Session} session
 * @returns {string}
 */
export function toWebVtt(session) {
  const cues = byTime(session).map((segment) => {
    const start = since(segment.start_s, session);
    const end = Math.max(start + CUE_LEAST_S, since(segment.end_s, session));
    const doubt = segment.state === "final" ? "" : " (provisional)";
    return `${vttTime(start)} --> ${vttTime(end)}\n${vttText(segment.label)}${doubt}\n`;
  });
  return ["WEBVTT\n", ...cues].join("\n");
}

/** @param {number} seconds */
function vttTime(seconds) {
  const ms = Math.round(1000 * seconds);
  const parts = [Math.floor(ms / 3600000), Math.floor(ms / 60000) % 60, Math.floor(ms / 1000) % 60];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return `${clock}.${String(ms % 1000).padStart(3, "0")}`;
}

/** @param {string} text */
function vttText(text) {
  return oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * ELAN annotation format 3.0, a tier for each lane: https://www.mpi.nl/tools/elan/EAFv3.0.xsd
 * Annotations of a tier must not overlap: a later one cuts off the one before.
 * @param {Session} session
 * @returns {string}
 */
export function toElan(session) {
  const tiers = tiersOf(session);
  const spans = tiers.flatMap((tier) => tier.spans);
  const ends = spans.flatMap((span) => [
    { span, end: "start", ms: span.startMs },
    { span, end: "end", ms: span.endMs },
  ]);
  ends.sort((a, b) => a.ms - b.ms);
  /** @type {Map<object, Record<string, string>>} */
  const slots = new Map(spans.map((span) => [span, {}]));
  const lines = ends.map(({ span, end, ms }, place) => {
    const id = `ts${place + 1}`;
    Object.assign(slots.get(span) ?? {}, { [end]: id });
    return `    <TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${ms}"/>`;
  });
  let count = 0;
  const written = tiers.map(({ name, spans: own }) => {
    const annotations = own.map((span) => annotation(span.segment, slots.get(span) ?? {}, ++count));
    const open = `  <TIER LINGUISTIC_TYPE_REF="action" TIER_ID="${xml(name)}"`;
    return own.length ? `${open}>\n${annotations.join("\n")}\n  </TIER>` : `${open}/>`;
  });
  return elanFile(session, lines, written, count);
}

/**
 * @param {Segment} segment
 * @param {Record<string, string>} slots
 * @param {number} number
 */
function annotation(segment, slots, number) {
  const value = `${segment.label}${segment.state === "final" ? "" : " (provisional)"}`;
  return `    <ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${number}" TIME_SLOT_REF1="${slots.start}" TIME_SLOT_REF2="${slots.end}">
        <ANNOTATION_VALUE>${xml(value)}</ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION>
    </ANNOTATION>`;
}

/**
 * @param {Session} session
 * @param {string[]} slots
 * @param {string[]} tiers
 * @param {number} count of annotations
 */
function elanFile(session, slots, tiers, count) {
  const media = session.media
    ? `\n    <MEDIA_DESCRIPTOR MEDIA_URL="${xml(session.media)}" MIME_TYPE="${mimeOf(session.media)}" RELATIVE_MEDIA_URL="./${xml(session.media)}"/>`
    : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="liveground" DATE="${xml(session.dateIso)}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">${media}
    <PROPERTY NAME="lastUsedAnnotationId">${count}</PROPERTY>
  </HEADER>
  <TIME_ORDER>
${slots.join("\n")}
  </TIME_ORDER>
${tiers.join("\n")}
  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="action" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`;
}

/**
 * @param {Session} session
 * @returns {{name: string, spans: {startMs: number, endMs: number, segment: Segment}[]}[]}
 */
function tiersOf(session) {
  const names = new Set([...session.lanes, ...session.segments.map((segment) => segment.label)]);
  return [...names].map((name) => {
    /** @type {{startMs: number, endMs: number, segment: Segment}[]} */
    const spans = [];
    for (const segment of byTime(session)) {
      if (segment.label !== name) continue;
      const startMs = Math.round(1000 * since(segment.start_s, session));
      const endMs = Math.max(startMs + 1, Math.round(1000 * since(segment.end_s, session)));
      const last = spans[spans.length - 1];
      if (last !== undefined && last.startMs === startMs) spans.pop();
      else if (last !== undefined) last.endMs = Math.min(last.endMs, startMs);
      spans.push({ startMs, endMs, segment });
    }
    return { name: oneLine(name) || "unnamed", spans };
  });
}

/** @param {string} name of a media file */
function mimeOf(name) {
  return /\.webm$/i.test(name) ? "video/webm" : "video/mp4";
}

/** @param {string} text */
function xml(text) {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/**
 * Text in one line, without what XML may not hold.
 * @param {string} text
 */
function oneLine(text) {
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]+/g, " ").toWellFormed().trim();
}

/** @param {number} score NaN, and so null in the file, where the model is not calibrated */
function rounded(score) {
  return Math.round(1e4 * score) / 1e4;
}
