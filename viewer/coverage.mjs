// Which lines of the viewer's sources its unit tests run, by folder: what V8 has counted in the bundled tests,
// carried back to the sources by their source maps. A file that no test loads counts with all its lines.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const DIGITS = new Map(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((digit, value) => [
    digit,
    value,
  ]),
);

/** The numbers of one segment of a source map: base 64, five bits to a digit, the lowest bit is the sign. */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.get(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/** Calls `visit(line, column, source, sourceLine)` for each place that a source map knows. */
function eachPlace({ mappings }, visit) {
  let [source, sourceLine] = [0, 0];
  mappings.split(";").forEach((segments, line) => {
    let column = 0;
    for (const segment of segments.split(",").filter((text) => text !== "")) {
      const [across, from, down] = numbersOf(segment);
      column += across;
      if (from === undefined) continue;
      source += from;
      sourceLine += down;
      visit(line, column, source, sourceLine);
    }
  });
}

/** How often each character of a script was run: inner ranges come after the outer ones that they correct. */
function countsOf({ functions }, length) {
  const counts = new Int32Array(length);
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges) counts.fill(count, startOffset, endOffset);
  return counts;
}

/** Add the lines of one process's report to `lines`: path -> line -> whether it was run. */
function addReport(report, sourceRoot, lines) {
  for (const script of report.result) {
    const map = report["source-map-cache"]?.[script.url];
    if (!map?.data) continue;
    const starts = [0];
    for (const length of map.lineLengths) starts.push(starts[starts.length - 1] + length + 1);
    const counts = countsOf(script, starts[starts.length - 1]);
    const folder = dirname(fileURLToPath(script.url));
    const paths = map.data.sources.map((path) =>
      path.startsWith("file:") ? fileURLToPath(path) : resolve(folder, path),
    );
    eachPlace(map.data, (line, column, source, sourceLine) => {
      const path = relative(sourceRoot, paths[source]).split(sep).join("/");
      if (path.startsWith("..")) return;
      const ran = lines.get(path) ?? lines.set(path, new Map()).get(path);
      ran.set(sourceLine, ran.get(sourceLine) || counts[starts[line] + column] > 0);
    });
  }
}

/** All lines with code of a file that no test loads, none of them run. */
async function unloaded(path) {
  const options = { loader: "ts", sourcemap: "external", sourcefile: "source.ts" };
  const { map } = await esbuild.transform(readFileSync(path, "utf8"), options);
  const ran = new Map();
  eachPlace(JSON.parse(map), (_line, _column, _source, sourceLine) => ran.set(sourceLine, false));
  return ran;
}

/** One line for each folder of `sourceRoot`, and a last one for all of it. */
export async function coverageTable(reports, sourceRoot, files) {
  const lines = new Map();
  for (const name of readdirSync(reports))
    addReport(JSON.parse(readFileSync(join(reports, name), "utf8")), sourceRoot, lines);
  const rows = new Map();
  for (const path of files) {
    const run = [...(lines.get(path) ?? (await unloaded(join(sourceRoot, path)))).values()];
    for (const row of [path.split("/")[0], "viewer"]) {
      const [hit, all] = rows.get(row) ?? [0, 0];
      rows.set(row, [hit + run.filter(Boolean).length, all + run.length]);
    }
  }
  return [...rows].sort().map(([row, [hit, all]]) => {
    const share = `${((100 * hit) / Math.max(all, 1)).toFixed(0)} %`;
    return `  ${row.padEnd(8)} ${share.padStart(5)}  ${hit} of ${all} lines run by unit tests`;
  });
}
