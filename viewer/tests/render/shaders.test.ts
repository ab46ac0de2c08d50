// What the compiler of the graphics driver would not say: a uniform that no shader has is silently ignored.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = "src/render";
const shaders = readdirSync(`${FOLDER}/shaders`).map((name) =>
  readFileSync(`${FOLDER}/shaders/${name}`, "utf8"),
);
const text = shaders.join("\n");
const scripts = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"))
  .join("\n");

const matches = (source: string, pattern: RegExp): ReadonlySet<string> =>
  new Set([...source.matchAll(pattern)].map((match) => match[1]!));

test("every uniform that is set is declared, and the other way round", () => {
  const set = matches(scripts, /at\("(\w+)"\)/g);
  const declared = matches(text, /uniform [^;]*?\b(u[A-Z]\w*)/g);
  assert.deepEqual([...set].sort(), [...declared].sort());
});

test("every constant that shaders are given is used", () => {
  const given = matches(scripts, /^ {2}([A-Z][A-Z_]+): (?:glsl|String)/gm);
  assert.ok(given.size > 10);
  for (const name of given) assert.match(text, new RegExp(`\\b${name}\\b`), name);
});

test("every constant that shaders use is given", () => {
  const code = text.replace(/\/\/.*$/gm, "");
  const used = matches(code, /\b([A-Z][A-Z_]{3,})\b/g);
  const own = new Set([...matches(code, /const \w+ (\w+)/g), "DIGITS", "FAR", "FLAGS", "NEAR"]);
  const given = matches(scripts, /^ {2}([A-Z][A-Z_]+): /gm);
  for (const name of used) assert.ok(own.has(name) || given.has(name), name);
});
