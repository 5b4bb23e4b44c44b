/** What to say of all sessions together: their connections, and what becomes of their frames. Pure. */

/** @typedef {import("../sdk/session_types.js").State} State */
/** @typedef {import("../views/badges.js").Connection} Connection */

/** The worst of them is what counts. @type {State["phase"][]} */
const WORST_FIRST = ["waiting", "connecting", "open", "ended"];

/**
 * @param {State[]} states at least one; the last one's transport is named
 * @param {number} nowMs
 * @returns {Connection}
 */
export function connectionOf(states, nowMs) {
  const [worst] = [...states].sort((a, b) => WORST_FIRST.indexOf(a.phase) - WORST_FIRST.indexOf(b.phase));
  const transport = states.at(-1)?.transport ?? undefined;
  if (worst.phase === "open") return { state: "open", transport };
  if (worst.phase === "connecting") return { state: "connecting" };
  if (worst.phase === "waiting") {
    return { state: "retrying", retryInS: Math.max(0, ((worst.retryAtMs ?? nowMs) - nowMs) / 1000) };
  }
  return worst.text ? { state: "failed", text: worst.text } : { state: "closed" };
}

/**
 * What whoever sees heatmaps must be told of their model.
 * @param {import("../protocol.js").VideoModel} [model]
 */
export function videoText(model) {
  if (!model) return "This server has no video model: no heatmaps.";
  const guess = "This video model is not calibrated: it shows where words fit best, and never says that they are absent.";
  return [model.notice, (model.calibrated ?? true) ? "" : guess].filter(Boolean).join(" ");
}

/** @param {import("../protocol.js").Welcome["recording"]} recording */
export function storedText(recording) {
  if (recording === "messages_and_images") {
    return "This server records sessions: joints, words, labels and pictures are stored there.";
  }
  if (recording === "messages") {
    return "This server records sessions: joints, words and labels are stored there, pictures are not.";
  }
  return "Frames go to this server, are looked at and forgotten: nothing is stored.";
}
