// Reads BVH files as the page does and prints one JSON line each: for test_node.py.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { readBvh } from "../../../clients/browser/views/bvh.js";

for (const path of process.argv.slice(2)) {
  const take = read(path);
  console.log(JSON.stringify(take));
}

function read(path) {
  try {
    const { frames, fps, warnings } = readBvh(readFileSync(path, "utf8"), basename(path));
    return { frames: Buffer.from(frames.buffer).toString("base64"), fps, warnings };
  } catch (fault) {
    return { name: fault.name, error: fault.message };
  }
}
