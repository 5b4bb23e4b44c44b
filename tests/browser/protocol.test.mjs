/** The browser's codec reads and writes the same bytes as the server: `node --test tests/browser/`. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import {
  CLIENT_TYPES,
  JSON_SUBPROTOCOL,
  MSGPACK_SUBPROTOCOL,
  ProtocolError,
  SERVER_TYPES,
  SUBPROTOCOLS,
  decode,
  encode,
} from "../../clients/browser/protocol.js";

const FOLDER = new URL("../vectors/", import.meta.url);
const INDEX = JSON.parse(readFileSync(new URL("index.json", FOLDER), "utf8"));
const FORMS = { [JSON_SUBPROTOCOL]: "json", [MSGPACK_SUBPROTOCOL]: "msgpack" };

function bytesOf(name, subprotocol) {
  return new Uint8Array(readFileSync(new URL(`${name}.${FORMS[subprotocol]}`, FOLDER))).buffer;
}

/** What a browser hands over: a string for JSON, an ArrayBuffer for MessagePack. */
function vector(name, subprotocol) {
  const bytes = bytesOf(name, subprotocol);
  return subprotocol === JSON_SUBPROTOCOL ? new TextDecoder().decode(bytes) : bytes;
}

/** Bytes and base64 are two spellings of the same joints, image or grid. */
function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

test("every vector is in the index", () => {
  const names = Object.values(INDEX).flatMap(Object.keys);
  const files = readdirSync(FOLDER).filter((name) => /\.(json|msgpack)$/.test(name));
  const expected = names.flatMap((name) => [`${name}.json`, `${name}.msgpack`]);
  assert.deepEqual(files.sort(), [...expected, "index.json"].sort());
});

test("JSON and MessagePack vectors decode to the same message", () => {
  for (const name of Object.keys(INDEX.messages)) {
    const [packed, text] = SUBPROTOCOLS.map((form) => decode(vector(name, form), form));
    assert.notEqual(text, null, name);
    assert.deepEqual(plain(packed), text, name);
  }
});

test("decode(encode(m)) is m for every message", () => {
  for (const name of Object.keys(INDEX.messages)) {
    for (const form of SUBPROTOCOLS) {
      const message = decode(vector(name, form), form);
      assert.deepEqual(decode(encode(message, form), form), message, `${name} ${form}`);
    }
  }
});

test("an image of a megabyte is encoded in both forms", () => {
  const jpeg = new Uint8Array(1 << 20).map((_, at) => at % 251);
  for (const form of SUBPROTOCOLS) {
    const message = decode(encode({ type: "image", seq: 1, time_s: 0.5, jpeg }, form), form);
    assert.equal(plain(message).jpeg, Buffer.from(jpeg).toString("base64"), form);
  }
});

test("both sides' types are known, and no others", () => {
  const seen = { client: new Set(), server: new Set() };
  for (const [name, side] of Object.entries(INDEX.messages)) {
    seen[side].add(decode(vector(name, JSON_SUBPROTOCOL), JSON_SUBPROTOCOL).type);
  }
  assert.deepEqual(seen.client, CLIENT_TYPES);
  assert.deepEqual([...seen.server].sort(), [...SERVER_TYPES].sort());
});

test("unknown types are ignored", () => {
  for (const name of Object.keys(INDEX.ignored)) {
    for (const form of SUBPROTOCOLS) assert.equal(decode(vector(name, form), form), null);
  }
});

test("bytes that are no message raise ProtocolError and nothing else", () => {
  for (const name of Object.keys(INDEX.refused)) {
    for (const form of SUBPROTOCOLS) {
      assert.throws(() => decode(bytesOf(name, form), form), ProtocolError, `${name} ${form}`);
    }
  }
});

test("every cut of a message raises ProtocolError", () => {
  const whole = new Uint8Array(vector("welcome", MSGPACK_SUBPROTOCOL));
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.slice(0, length).buffer;
    assert.throws(() => decode(cut, MSGPACK_SUBPROTOCOL), ProtocolError, `${length} bytes`);
  }
});

test("a Float32Array travels as the bytes of the vector", () => {
  const bytes = decode(vector("pose_bytes", MSGPACK_SUBPROTOCOL), MSGPACK_SUBPROTOCOL).joints;
  const joints = new Float32Array(bytes.slice().buffer);
  assert.equal(joints.length, 66);
  const packed = decode(encode({ type: "pose", joints }, MSGPACK_SUBPROTOCOL), MSGPACK_SUBPROTOCOL);
  assert.deepEqual(packed.joints, bytes);
  const text = decode(encode({ type: "pose", joints }, JSON_SUBPROTOCOL), JSON_SUBPROTOCOL);
  assert.equal(text.joints, decode(vector("pose_bytes", JSON_SUBPROTOCOL), JSON_SUBPROTOCOL).joints);
});

test("numbers, strings and containers of every size survive MessagePack", () => {
  const edges = [0, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
  const numbers = [...edges, ...edges.map((edge) => -edge - 1), 0.1, -1e300, 5e-324];
  const texts = [0, 31, 32, 255, 256, 65535, 65536].map((length) => "ä".repeat(length / 2));
  const lists = [15, 16, 65535, 65536].map((length) => Array(length).fill(null));
  const maps = [15, 16, 70000].map((size) =>
    Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, index % 2 === 0])),
  );
  const sent = { type: "bye", numbers, texts, lists, maps };
  assert.deepEqual(decode(encode(sent, MSGPACK_SUBPROTOCOL), MSGPACK_SUBPROTOCOL), sent);
});

test("undefined fields are left out", () => {
  for (const form of SUBPROTOCOLS) {
    const sent = encode({ type: "hello", client: "x", token: undefined }, form);
    assert.deepEqual(decode(sent, form), { type: "hello", client: "x" });
  }
});
