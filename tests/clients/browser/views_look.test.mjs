// The page's colours hold the contrast of WCAG 2.2 AA in light and dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { oklch } from "../../../clients/browser/views/colour.js";

const CSS = readFileSync(new URL("../../../clients/browser/page/page.css", import.meta.url), "utf8");
const COLOUR = /--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)/g;
const TOKENS = new Map(
  [...CSS.matchAll(COLOUR)].map(([, name, light, dark]) => [name, { light, dark }]),
);
const LANES = Array.from({ length: 8 }, (_, lane) => `lane-${lane}`);
const GROUNDS = ["paper", "pane", "sunk"];
const TEXTS = ["ink", "ink-soft", "ink-faint", "signal-text", "good", "warn", "bad"];
const ON = [
  ["on-signal", "signal-text"],
  ["paper", "ink"],
  ["pane", "ink-faint"],
  ...LANES.map((lane) => ["on-lane", lane]),
];
const SHAPES = ["signal", "line-strong", "limb-left", "limb-right", "limb-trunk", ...LANES];

/** Relative luminance of a token. */
function luminance(name, theme) {
  const token = TOKENS.get(name);
  assert.ok(token, `page.css has no colour --${name}`);
  const [l, c, h] = token[theme].split(/\s+/).map(Number);
  const [red, green, blue] = oklch(l, c, h).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a, b, theme) {
  const [high, low] = [luminance(a, theme), luminance(b, theme)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

for (const theme of ["light", "dark"]) {
  test(`texts stand out by 4.5 to 1 from every ground, ${theme}`, () => {
    const pairs = [...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground])), ...ON];
    for (const [text, ground] of pairs) {
      const ratio = contrast(text, ground, theme);
      assert.ok(ratio >= 4.5, `--${text} on --${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`lines and shapes that say something stand out by 3 to 1, ${theme}`, () => {
    for (const shape of SHAPES) {
      for (const ground of ["paper", "pane"]) {
        const ratio = contrast(shape, ground, theme);
        assert.ok(ratio >= 3, `--${shape} on --${ground}: ${ratio.toFixed(2)}`);
      }
    }
  });
}

test("the keyboard's place shows, and who wants less motion gets none", () => {
  assert.match(CSS, /:focus-visible \{\s+outline: 0\.15rem solid/);
  assert.match(CSS, /prefers-reduced-motion: reduce\) \{[^}]+transition: none/);
});
