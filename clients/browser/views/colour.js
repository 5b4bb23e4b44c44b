/**
 * Colours out of OKLCH, in which equal steps look equal, and the ramp of the heatmaps. Pure.
 * Bjoern Ottosson, "A perceptual color space for image processing" (2020).
 */

/**
 * @param {number} lightness 0..1
 * @param {number} chroma
 * @param {number} hue degrees
 * @returns {[number, number, number]} sRGB, 0..255, clipped
 */
export function oklch(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** @param {number} linear */
function gamma(linear) {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/** Below this part of the scale nothing is drawn; it is full from `FULL` on. */
const CLEAR = 0.25;
const FULL = 0.75;

/**
 * 256 colours for a heatmap over a picture: from violet to light yellow with evenly rising
 * lightness, transparent where low.
 * @returns {Uint8ClampedArray<ArrayBuffer>} 256 * 4, RGBA
 */
export function heatRamp() {
  const ramp = new Uint8ClampedArray(4 * 256);
  for (let level = 0; level < 256; level++) {
    const part = level / 255;
    const chroma = 0.1 + 0.12 * Math.sin(Math.PI * Math.min(1, part + 0.08));
    const [red, green, blue] = oklch(0.32 + 0.62 * part, chroma, 290 + 175 * part);
    const rise = Math.min(1, Math.max(0, (part - CLEAR) / (FULL - CLEAR)));
    ramp.set([red, green, blue, 255 * rise * rise * (3 - 2 * rise)], 4 * level);
  }
  return ramp;
}
