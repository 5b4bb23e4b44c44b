/**
 * The part of MessagePack that the wire uses: nil, booleans, numbers, strings, bytes, arrays, maps.
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 *
 * Own code, since the page has no build step and a packaged library would be vendored as some
 * thirty modules or a minified bundle for these lines. Read by `protocol.js` only.
 */

/** @typedef {"setUint8" | "setUint16" | "setUint32" | "setBigUint64" | "setInt8" | "setInt16" |
 *   "setInt32" | "setBigInt64" | "setFloat64"} Setter */
/** @typedef {"getUint8" | "getUint16" | "getUint32" | "getBigUint64" | "getInt8" | "getInt16" |
 *   "getInt32" | "getBigInt64" | "getFloat32" | "getFloat64"} Getter */

const MAX_DEPTH = 32;
const TEXT = new TextEncoder();
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Encode a value. Undefined fields of objects are left out.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function pack(value) {
  const writer = new Writer();
  writer.any(value);
  return writer.bytes.subarray(0, writer.length);
}

class Writer {
  bytes = new Uint8Array(512);
  length = 0;

  /** Make room for `count` bytes and return where they start. @param {number} count */
  grow(count) {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const wider = new Uint8Array(2 * this.length);
      wider.set(this.bytes);
      this.bytes = wider;
    }
    return start;
  }

  /** @param {number} value */
  byte(value) {
    const start = this.grow(1);
    this.bytes[start] = value;
  }

  /**
   * Write one marker byte and one number by a DataView method.
   * @param {number} marker
   * @param {Setter} method
   * @param {number} size
   * @param {number | bigint} value
   */
  number(marker, method, size, value) {
    const start = this.grow(1 + size);
    this.bytes[start] = marker;
    const view = /** @type {any} */ (new DataView(this.bytes.buffer));
    view[method](start + 1, value);
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    const start = this.grow(bytes.length);
    this.bytes.set(bytes, start);
  }

  /** @param {unknown} value */
  any(value) {
    if (value === null || value === undefined) this.byte(0xc0);
    else if (typeof value === "boolean") this.byte(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") this.numeric(value);
    else if (typeof value === "string") this.text(value);
    else if (ArrayBuffer.isView(value)) this.binary(value);
    else if (Array.isArray(value)) this.array(value);
    else this.map(/** @type {object} */ (value));
  }

  /** @param {number} value */
  numeric(value) {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.number(0xcb, "setFloat64", 8, value);
    } else if (value >= 0) {
      if (value < 0x80) this.byte(value);
      else if (value < 0x100) this.number(0xcc, "setUint8", 1, value);
      else if (value < 0x10000) this.number(0xcd, "setUint16", 2, value);
      else if (value < 0x100000000) this.number(0xce, "setUint32", 4, value);
      else this.number(0xcf, "setBigUint64", 8, BigInt(value));
    } else if (value >= -0x20) this.byte(value & 0xff);
    else if (value >= -0x80) this.number(0xd0, "setInt8", 1, value);
    else if (value >= -0x8000) this.number(0xd1, "setInt16", 2, value);
    else if (value >= -0x80000000) this.number(0xd2, "setInt32", 4, value);
    else this.number(0xd3, "setBigInt64", 8, BigInt(value));
  }

  /** @param {string} value */
  text(value) {
    const bytes = TEXT.encode(value);
    if (bytes.length < 0x20) this.byte(0xa0 | bytes.length);
    else if (bytes.length < 0x100) this.number(0xd9, "setUint8", 1, bytes.length);
    else this.sized(0xda, bytes.length);
    this.raw(bytes);
  }

  /** @param {ArrayBufferView} value */
  binary(value) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (bytes.length < 0x100) this.number(0xc4, "setUint8", 1, bytes.length);
    else this.sized(0xc5, bytes.length);
    this.raw(bytes);
  }

  /** @param {unknown[]} values */
  array(values) {
    if (values.length < 0x10) this.byte(0x90 | values.length);
    else this.sized(0xdc, values.length);
    for (const value of values) this.any(value);
  }

  /** @param {object} value */
  map(value) {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined);
    if (entries.length < 0x10) this.byte(0x80 | entries.length);
    else this.sized(0xde, entries.length);
    for (const [key, field] of entries) {
      this.text(key);
      this.any(field);
    }
  }

  /**
   * Write a length of 16 bits with `marker`, or of 32 bits with the marker after it.
   * @param {number} marker
   * @param {number} length
   */
  sized(marker, length) {
    if (length < 0x10000) this.number(marker, "setUint16", 2, length);
    else this.number(marker + 1, "setUint32", 4, length);
  }
}

/**
 * Decode one value that fills `bytes`. Bytes come out as Uint8Array views.
 * @param {Uint8Array} bytes
 * @returns {any}
 * @throws {RangeError | TypeError} for anything cut short, left over, too deep or not of this part.
 */
export function unpack(bytes) {
  const reader = new Reader(bytes);
  const value = reader.any(0);
  if (reader.place !== bytes.length) throw new RangeError("bytes are left over after the value");
  return value;
}

/** @type {Record<number, [Getter, number]>} */
const NUMBERS = {
  0xca: ["getFloat32", 4],
  0xcb: ["getFloat64", 8],
  0xcc: ["getUint8", 1],
  0xcd: ["getUint16", 2],
  0xce: ["getUint32", 4],
  0xcf: ["getBigUint64", 8],
  0xd0: ["getInt8", 1],
  0xd1: ["getInt16", 2],
  0xd2: ["getInt32", 4],
  0xd3: ["getBigInt64", 8],
};
/** @type {Record<number, null | boolean>} */
const CONSTANTS = { 0xc0: null, 0xc2: false, 0xc3: true };
/** @type {Record<number, [Getter, number, "binary" | "text" | "array" | "map"]>} */
const SIZED = {
  0xc4: ["getUint8", 1, "binary"],
  0xc5: ["getUint16", 2, "binary"],
  0xc6: ["getUint32", 4, "binary"],
  0xd9: ["getUint8", 1, "text"],
  0xda: ["getUint16", 2, "text"],
  0xdb: ["getUint32", 4, "text"],
  0xdc: ["getUint16", 2, "array"],
  0xdd: ["getUint32", 4, "array"],
  0xde: ["getUint16", 2, "map"],
  0xdf: ["getUint32", 4, "map"],
};

class Reader {
  place = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * @param {number} depth
   * @returns {any}
   */
  any(depth) {
    if (depth > MAX_DEPTH) throw new RangeError("nested too deeply");
    const marker = this.number("getUint8", 1);
    if (marker < 0x80) return marker;
    if (marker < 0x90) return this.map(marker & 0x0f, depth);
    if (marker < 0xa0) return this.array(marker & 0x0f, depth);
    if (marker < 0xc0) return this.text(marker & 0x1f);
    if (marker >= 0xe0) return marker - 0x100;
    if (marker in NUMBERS) return Number(this.number(...NUMBERS[marker]));
    if (marker in CONSTANTS) return CONSTANTS[marker];
    if (!(marker in SIZED)) throw new TypeError(`marker 0x${marker.toString(16)} is not used here`);
    const [method, size, kind] = SIZED[marker];
    return this[kind](this.number(method, size), depth);
  }

  /**
   * @param {Getter} method
   * @param {number} size
   * @returns {any} a number, or a bigint
   */
  number(method, size) {
    const value = this.view[method](this.place);
    this.place += size;
    return value;
  }

  /** @param {number} length */
  binary(length) {
    if (this.place + length > this.bytes.length) throw new RangeError("cut short");
    this.place += length;
    return this.bytes.subarray(this.place - length, this.place);
  }

  /** @param {number} length */
  text(length) {
    return UTF8.decode(this.binary(length));
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  array(length, depth) {
    const values = [];
    for (let index = 0; index < length; index++) values.push(this.any(depth + 1));
    return values;
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  map(length, depth) {
    const entries = [];
    for (let index = 0; index < length; index++) {
      const key = this.any(depth + 1);
      if (typeof key !== "string") throw new TypeError("a map's key is not a string");
      entries.push([key, this.any(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
}
