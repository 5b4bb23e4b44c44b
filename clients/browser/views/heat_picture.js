/**
 * From a heatmap message to what is shown of it: where the picture lies, which prompt, how faded,
 * which pixels. Pure.
 */

/** @typedef {import("../protocol.js").Heat} Heat */
/** @typedef {import("../protocol.js").Heatmap} Heatmap */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** A heatmap is shown in full up to this age of its frame, and not at all from `GONE_S` on. */
export const FRESH_S = 0.25;
export const GONE_S = 1;

/**
 * Where `object-fit: contain` puts a picture.
 * @param {{width: number, height: number}} host
 * @param {{width: number, height: number}} picture 0 where its size is not known yet
 * @returns {Box} in the host's pixels
 */
export function contain(host, picture) {
  if (!(picture.width > 0 && picture.height > 0)) return { x: 0, y: 0, ...host };
  const scale = Math.min(host.width / picture.width, host.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (host.width - width) / 2, y: (host.height - height) / 2, width, height };
}

/**
 * @param {number} ageS of the heatmap's frame beside the picture on the screen
 * @returns {number} 1 for a new one, 0 for one that is too old to be shown or of no known age
 */
export function fade(ageS) {
  if (Number.isNaN(ageS)) return 0;
  return Math.min(1, Math.max(0, (GONE_S - ageS) / (GONE_S - FRESH_S)));
}

/**
 * @param {Heatmap} heatmap
 * @param {number | "best"} prompt
 * @returns {Heat | null} null where there is no such prompt
 */
export function chosen(heatmap, prompt) {
  if (prompt !== "best") return heatmap.heats.find((heat) => heat.index === prompt) ?? null;
  return surest(heatmap.heats);
}

/**
 * The surest one. @param {Heat[]} heats @returns {Heat | null} null for none
 */
export function surest(heats) {
  return heats.reduce(
    (/** @type {Heat | null} */ best, heat) => (best === null || rank(heat) > rank(best) ? heat : best),
    null,
  );
}

/**
 * Prompts that count as seen: those that are present, or the one that fits best where the model cannot
 * say that anything is absent.
 * @param {Heat[]} heats
 * @param {boolean} isCalibrated
 * @returns {Heat[]}
 */
export function seen(heats, isCalibrated) {
  if (isCalibrated) return heats.filter((heat) => heat.present);
  const best = surest(heats);
  return best ? [best] : [];
}

/** @param {Heat} heat */
function rank(heat) {
  return (heat.present ? 1 : 0) + heat.presence;
}

/**
 * The cells of a heat, whichever form the wire had.
 * @param {Heat} heat
 * @returns {Uint8Array}
 */
export function cellsOf(heat) {
  if (typeof heat.grid !== "string") return heat.grid;
  const text = atob(heat.grid);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * Draw a grid enlarged: between the middles of cells bilinear, beyond them level.
 * @param {Uint8Array} cells row by row
 * @param {number} columns
 * @param {number} rows
 * @param {{width: number, height: number, data: Uint8ClampedArray}} image RGBA, written in full
 * @param {Uint8ClampedArray} ramp 256 colours, RGBA
 */
export function colourGrid(cells, columns, rows, image, ramp) {
  const across = places(image.width, columns);
  const down = places(image.height, rows);
  for (let y = 0, to = 0; y < image.height; y++) {
    const upper = down.first[y] * columns;
    const lower = down.second[y] * columns;
    const v = down.part[y];
    for (let x = 0; x < image.width; x++, to += 4) {
      const [a, b, u] = [across.first[x], across.second[x], across.part[x]];
      const top = cells[upper + a] * (1 - u) + cells[upper + b] * u;
      const bottom = cells[lower + a] * (1 - u) + cells[lower + b] * u;
      const from = 4 * Math.round(top * (1 - v) + bottom * v);
      image.data[to] = ramp[from];
      image.data[to + 1] = ramp[from + 1];
      image.data[to + 2] = ramp[from + 2];
      image.data[to + 3] = ramp[from + 3];
    }
  }
}

/**
 * For each of `size` pixels the two cells between whose middles it lies, and how far.
 * @param {number} size
 * @param {number} count
 */
function places(size, count) {
  const first = new Uint16Array(size);
  const second = new Uint16Array(size);
  const part = new Float32Array(size);
  for (let pixel = 0; pixel < size; pixel++) {
    const at = Math.min(count - 1, Math.max(0, ((pixel + 0.5) * count) / size - 0.5));
    first[pixel] = Math.floor(at);
    second[pixel] = Math.min(count - 1, first[pixel] + 1);
    part[pixel] = at - first[pixel];
  }
  return { first, second, part };
}

/**
 * What is said of the chosen prompt.
 * @param {string} label
 * @param {Heat | null} heat
 * @param {number} ageS
 * @param {boolean} isCalibrated whether presence means anything by itself
 */
export function wordsOf(label, heat, ageS, isCalibrated) {
  if (heat === null) return "";
  if (ageS >= GONE_S) return `${label}: no fresh result`;
  if (!isCalibrated) return `${label}: where it fits best`;
  const percent = `${Math.round(100 * heat.presence)} %`;
  return heat.present ? `${label}: ${percent}` : `${label}: absent (${percent})`;
}
