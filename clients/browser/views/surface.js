/**
 * A canvas that fills its host, sharp at any devicePixelRatio, with the page's colours at hand.
 */

import { onTheme } from "./theme.js";

/** Colour tokens of page.css that canvases use. */
const TOKENS = /** @type {const} */ ([
  "paper",
  "pane",
  "sunk",
  "line",
  "line-strong",
  "ink",
  "ink-soft",
  "ink-faint",
  "signal",
  "signal-text",
  "on-signal",
  "on-lane",
  "limb-left",
  "limb-right",
  "limb-trunk",
]);
export const LANE_COLOURS = 8;

/** @typedef {typeof TOKENS[number]} Token */
/** @typedef {{colours: Record<Token, string>, lanes: string[], sans: string, mono: string,
 *   rem: number, thin: number}} Look colours as CSS text; `rem` and a thin line in CSS pixels */

export class Surface {
  /** Something changed that asks for drawing anew. */
  stale = true;
  /** CSS pixels. */
  width = 0;
  height = 0;
  ratio = 1;
  #resized = true;

  /**
   * @param {HTMLElement} host
   * @param {string} className of the canvas
   */
  constructor(host, className) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = className;
    host.append(this.canvas);
    const context = this.canvas.getContext("2d");
    if (context === null) throw new Error("This browser has no 2D canvas.");
    this.context = context;
    /** @type {Look} */
    this.look = readLook(this.canvas);
    this.observer = new ResizeObserver(() => {
      this.#resized = true;
    });
    this.observer.observe(this.canvas);
    this.stopTheme = onTheme(() => this.restyle());
    document.fonts?.addEventListener("loadingdone", this.restyle);
  }

  restyle = () => {
    this.look = readLook(this.canvas);
    this.stale = true;
  };

  #fit() {
    this.#resized = false;
    const box = this.canvas.getBoundingClientRect();
    this.ratio = globalThis.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.max(1, Math.round(box.width * this.ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * this.ratio));
    this.restyle();
  }

  /**
   * Take the size that the canvas has on the page now: first of all when drawing, so that nothing
   * shows an empty canvas.
   * @returns {boolean} whether there is anything to draw on
   */
  prepare() {
    if (this.#resized || this.ratio !== globalThis.devicePixelRatio) this.#fit();
    return this.width > 0 && this.height > 0;
  }

  /**
   * Clear the canvas.
   * @returns {CanvasRenderingContext2D} in CSS pixels
   */
  begin() {
    const { context, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(
      canvas.width / Math.max(1, this.width),
      0,
      0,
      canvas.height / Math.max(1, this.height),
      0,
      0,
    );
    this.stale = false;
    return context;
  }

  destroy() {
    this.observer.disconnect();
    this.stopTheme();
    document.fonts?.removeEventListener("loadingdone", this.restyle);
    this.canvas.remove();
  }
}

/**
 * Resolve the tokens by letting the browser compute them: `light-dark()` is no canvas colour.
 * @param {HTMLElement} element
 * @returns {Look}
 */
function readLook(element) {
  const style = getComputedStyle(element);
  const probe = document.createElement("span");
  probe.hidden = true;
  (element.parentElement ?? document.body).append(probe);
  /** @param {string} name */
  const resolve = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = /** @type {Record<Token, string>} */ (
    Object.fromEntries(TOKENS.map((name) => [name, resolve(name)]))
  );
  const lanes = Array.from({ length: LANE_COLOURS }, (_, index) => resolve(`lane-${index}`));
  probe.remove();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    colours,
    lanes,
    sans: style.getPropertyValue("--sans") || "sans-serif",
    mono: style.getPropertyValue("--mono") || "monospace",
    rem,
    thin: rem / 15,
  };
}
