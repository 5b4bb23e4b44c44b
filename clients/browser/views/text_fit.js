/**
 * Text that fits: lines of a width, cut off with an ellipsis, remembered. Draws nothing.
 */

const REMEMBERED = 500;

export class TextFit {
  /** @type {Map<string, string[]>} */
  #known = new Map();

  /**
   * Break text into at most `most` lines of at most `width` pixels in the context's font.
   * @param {CanvasRenderingContext2D} context
   * @param {string} text
   * @param {number} width
   * @param {number} most
   * @returns {string[]}
   */
  lines(context, text, width, most) {
    const key = `${context.font}|${Math.round(width)}|${most}|${text}`;
    let lines = this.#known.get(key);
    if (lines === undefined) {
      lines = breakLines((part) => context.measureText(part).width, text, width, most);
      if (this.#known.size > REMEMBERED) this.#known.clear();
      this.#known.set(key, lines);
    }
    return lines;
  }
}

/**
 * @param {(part: string) => number} measure
 * @param {string} text
 * @param {number} width
 * @param {number} most
 * @returns {string[]}
 */
export function breakLines(measure, text, width, most) {
  const words = text.split(/\s+/).filter(Boolean);
  /** @type {string[]} */
  const lines = [];
  while (words.length && lines.length < most - 1) {
    let line = words.shift() ?? "";
    while (words.length && measure(`${line} ${words[0]}`) <= width) line += ` ${words.shift()}`;
    lines.push(cut(measure, line, width));
  }
  if (words.length) lines.push(cut(measure, words.join(" "), width));
  return lines;
}

/**
 * @param {(part: string) => number} measure
 * @param {string} text
 * @param {number} width
 */
function cut(measure, text, width) {
  if (measure(text) <= width) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${letters.slice(0, middle).join("").trimEnd()}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}
