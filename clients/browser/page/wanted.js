/** What a text in the editor asks the server for. Pure. */

/**
 * @typedef {Omit<import("../protocol.js").Configure, "type">} Wanted
 * @typedef {"script" | "watch"} Mode
 */

/**
 * What a text asks for: lines are taken as they are, one line is split by the server.
 * @param {string} text
 * @param {Mode} mode
 * @returns {Wanted | null} null for nothing
 */
export function wantedOf(text, mode) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (lines.length === 0) return null;
  if (lines.length === 1) return { instruction: lines[0], mode };
  return mode === "script" ? { steps: lines } : { prompts: lines };
}
