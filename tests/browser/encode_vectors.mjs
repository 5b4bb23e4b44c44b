/** Print every vector as JavaScript encodes it: one line {name, subprotocol, base64} each. */

import { readFileSync } from "node:fs";

import { SUBPROTOCOLS, decode, encode } from "../../clients/browser/protocol.js";

const FOLDER = new URL("../vectors/", import.meta.url);
const INDEX = JSON.parse(readFileSync(new URL("index.json", FOLDER), "utf8"));

for (const name of Object.keys(INDEX.messages)) {
  for (const subprotocol of SUBPROTOCOLS) {
    const form = subprotocol.split(".").at(-1);
    const bytes = readFileSync(new URL(`${name}.${form}`, FOLDER));
    const encoded = Buffer.from(encode(decode(bytes, subprotocol), subprotocol));
    console.log(JSON.stringify({ name, subprotocol, base64: encoded.toString("base64") }));
  }
}
