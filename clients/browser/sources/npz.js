/** Arrays out of NumPy's `.npz` files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */

/** The file is no `.npz` that can be read here; the text says why. */
export class NpzError extends Error {
  name = "NpzError";
}

/**
 * @typedef {{shape: number[], values: Float32Array | Float64Array | Int32Array | Int16Array | string[]}} Stored
 */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
/** Longest ZIP comment after the end record. */
const TAIL_BYTES = 65_557;

/** @type {Record<string, (bytes: ArrayBuffer) => Float32Array | Float64Array | Int32Array | Int16Array>} */
const NUMBERS = {
  "<f4": (bytes) => new Float32Array(bytes),
  "<f8": (bytes) => new Float64Array(bytes),
  "<i4": (bytes) => new Int32Array(bytes),
  "<i2": (bytes) => new Int16Array(bytes),
};

/**
 * Read all arrays; those of a kind that is not known here are left out.
 * @param {ArrayBuffer} file
 * @returns {Promise<Record<string, Stored>>}
 * @throws {NpzError}
 */
export async function readNpz(file) {
  try {
    /** @type {Record<string, Stored>} */
    const arrays = {};
    for (const [name, bytes] of await unzip(file)) {
      const stored = readNpy(bytes);
      if (stored) arrays[name.replace(/\.npy$/, "")] = stored;
    }
    return arrays;
  } catch (fault) {
    if (fault instanceof NpzError) throw fault;
    throw new NpzError(`not a readable .npz (${fault instanceof Error ? fault.message : fault})`);
  }
}

/**
 * @param {ArrayBuffer} file
 * @returns {Promise<[string, ArrayBuffer][]>}
 */
async function unzip(file) {
  const view = new DataView(file);
  let end = file.byteLength - 22;
  const first = Math.max(0, file.byteLength - TAIL_BYTES);
  while (end >= first && view.getUint32(end, true) !== END) end -= 1;
  if (end < first) throw new NpzError("not a ZIP archive");
  let at = view.getUint32(end + 16, true);
  /** @type {[string, ArrayBuffer][]} */
  const members = [];
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== CENTRAL) throw new NpzError("a damaged ZIP archive");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(new Uint8Array(file, at + 46, nameLength));
    members.push([name, await member(file, view, at)]);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/**
 * @param {ArrayBuffer} file
 * @param {DataView} view
 * @param {number} central where its entry in the directory is
 */
async function member(file, view, central) {
  const method = view.getUint16(central + 10, true);
  const size = view.getUint32(central + 20, true);
  const local = view.getUint32(central + 42, true);
  if (view.getUint32(local, true) !== LOCAL) throw new NpzError("a damaged ZIP archive");
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = file.slice(start, start + size);
  if (method === 0) return packed;
  if (method !== DEFLATED) throw new NpzError(`ZIP method ${method} is not known`);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

/**
 * @param {ArrayBuffer} bytes
 * @returns {Stored | null}
 */
function readNpy(bytes) {
  const view = new DataView(bytes);
  const wide = view.getUint8(6) > 1;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(new Uint8Array(bytes, start, length));
  const kind = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").filter((part) => part.trim());
  if (header.includes("'fortran_order': True")) return null;
  const body = bytes.slice(start + length);
  if (kind in NUMBERS) return { shape: shape.map(Number), values: NUMBERS[kind](body) };
  if (kind.startsWith("<U")) return { shape: shape.map(Number), values: texts(body, Number(kind.slice(2))) };
  return null;
}

/**
 * @param {ArrayBuffer} body UTF-32, padded with zeros
 * @param {number} width characters of each
 */
function texts(body, width) {
  const codes = new Uint32Array(body);
  return Array.from({ length: codes.length / width }, (_, index) => {
    const own = codes.subarray(index * width, (index + 1) * width).filter((code) => code > 0);
    return String.fromCodePoint(...own);
  });
}
