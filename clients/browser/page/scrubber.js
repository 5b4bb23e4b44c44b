/** Where one is in what is played, with what to go elsewhere: a button and a slider. */

import { clockText } from "../views/timeline_layout.js";
import { element } from "./elements.js";

/**
 * @typedef {object} Playback
 * @property {number} durationS
 * @property {number} positionS
 * @property {boolean} playing
 * @property {string} hint what going elsewhere means
 * @property {() => void} play
 * @property {() => void} pause
 * @property {(positionS: number) => void} look go there and stay
 */

/** After the slider was let go: keys come one by one. */
const GO_ON_MS = 400;
/** Seconds by key; a tenth of them with shift. */
const KEYS = new Map([["ArrowLeft", -1], ["ArrowDown", -1], ["ArrowRight", 1], ["ArrowUp", 1], ["PageDown", -10], ["PageUp", 10]]);

export class Scrubber {
  #host = element("playback", HTMLElement);
  #button = element("playback-play", HTMLButtonElement);
  #slider = element("playback-position", HTMLInputElement);
  #time = element("playback-time", HTMLElement);
  #hint = element("playback-hint", HTMLElement);
  /** @type {Playback | null} */
  #playback = null;
  /** Whether playing goes on once the slider is let go. */
  #goesOn = false;
  #dragged = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    this.#button.addEventListener("click", () => this.toggle());
    this.#slider.addEventListener("input", () => this.#look(Number(this.#slider.value)));
    this.#slider.addEventListener("change", () => this.#letGo());
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether something is there to be played, and is held. */
  get held() {
    return this.#playback !== null && !this.#playback.playing;
  }

  /** @param {Playback | null} playback null for what has no places, as a camera */
  show(playback) {
    clearTimeout(this.#timer);
    this.#playback = playback;
    this.#goesOn = this.#dragged = false;
    this.#host.hidden = playback === null;
  }

  toggle() {
    clearTimeout(this.#timer);
    this.#goesOn = false;
    if (this.#playback?.playing) this.#playback.pause();
    else this.#playback?.play();
  }

  /** Once an animation frame. */
  draw() {
    if (!this.#playback) return;
    const { durationS, positionS, playing, hint } = this.#playback;
    const whole = clockText(durationS, 0.1);
    this.#slider.max = String(durationS);
    if (!this.#dragged) this.#slider.value = String(positionS);
    const here = clockText(positionS, 0.1);
    set(this.#time, `${here} / ${whole}`);
    const spoken = `${playing ? clockText(positionS) : here} of ${whole}`;
    if (this.#slider.ariaValueText !== spoken) this.#slider.ariaValueText = spoken;
    set(this.#button, playing || this.#goesOn ? "Pause" : "Play");
    set(this.#hint, hint);
  }

  /** @param {number} positionS */
  #look(positionS) {
    clearTimeout(this.#timer);
    if (!this.#playback) return;
    this.#dragged = true;
    this.#goesOn ||= this.#playback.playing;
    this.#playback.look(Math.min(this.#playback.durationS, Math.max(0, positionS)));
  }

  #letGo() {
    this.#dragged = false;
    if (!this.#goesOn) return;
    this.#timer = setTimeout(() => {
      this.#goesOn = false;
      this.#playback?.play();
    }, GO_ON_MS);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const seconds = KEYS.get(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#playback) return;
    if (event.key === " ") this.toggle();
    else if (seconds) {
      this.#look(this.#playback.positionS + (event.shiftKey ? seconds / 10 : seconds));
      this.#letGo();
    } else return;
    event.preventDefault();
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
