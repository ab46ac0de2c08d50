// Build the viewer into the Python package, or check it, or run its unit tests.
//
//   node build.mjs           write the scripts and style sheets in src/matcube/outputs/assets
//   node build.mjs --check   fail if what is committed is not what the sources give
//   node build.mjs --test    bundle tests/**/*.test.ts and run them with node's own runner,
//                            in this folder: vectors from Python are read as ../tests/...
//   node build.mjs --hash    print the fingerprint of the sources
//
// The first line of each output carries the sha256 of the viewer's sources, so that a test
// without node sees a stale bundle. tools/bundle_hash.py computes the same number.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const viewer = dirname(fileURLToPath(import.meta.url));
const assets = join(viewer, "..", "src", "matcube", "outputs", "assets");

/** Scripts: the viewer, and that of a page of several figures. */
const entries = { "viewer.js": "src/hosts/viewer.ts", "compare.js": "src/hosts/compare.ts" };

/** Style sheets and the folders they are made of: of the figure, of a document of its own, of several figures. */
const sheets = { "viewer.css": "src/ui", "page.css": "src/hosts", "compare.css": "src/panel" };

/** Shaders travel as text, without their comments and indents. */
const shaders = {
  name: "shaders",
  setup(build) {
    build.onLoad({ filter: /\.(glsl|vert|frag)$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace(/\s*\/\/.*$/gm, "")
        .replace(/\n\s+/g, "\n"),
      loader: "text",
    }));
  },
};

const shared = {
  absWorkingDir: viewer,
  bundle: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  plugins: [shaders],
  loader: { ".css": "text", ".svg": "text" },
  logLevel: "warning",
  write: false,
};

/** Every file below `folder` (hidden ones apart), as paths from the viewer's folder with forward slashes. */
function filesBelow(folder) {
  if (!existsSync(join(viewer, folder))) return [];
  return readdirSync(join(viewer, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".")) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path.split(sep).join("/")];
  });
}

/** sha256 over "path NUL text NUL" of each source in order of path; line ends count as \n. */
function sourceHash() {
  const hash = createHash("sha256");
  for (const path of [...filesBelow("src"), "build.mjs", "package.json"].sort()) {
    const text = readFileSync(join(viewer, path), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest("hex");
}

/** The outputs as a map from file name to text. */
async function build() {
  const stamp = `matcube viewer sources sha256:${sourceHash()}`;
  const outputs = new Map();
  for (const [name, entry] of Object.entries(entries)) {
    const result = await esbuild.build({ ...shared, entryPoints: [entry], format: "esm", minify: true });
    outputs.set(name, `// ${stamp}\n${result.outputFiles[0].text}`);
  }
  for (const [name, folder] of Object.entries(sheets)) {
    const css = filesBelow(folder)
      .filter((path) => path.endsWith(".css"))
      .sort()
      .map((path) => readFileSync(join(viewer, path), "utf8"))
      .join("\n");
    const { code } = await esbuild.transform(css, { loader: "css", minify: true, charset: "utf8" });
    outputs.set(name, `/* ${stamp} */\n${code}`);
  }
  return outputs;
}

/** The folder of assets holds the outputs and nothing else. */
async function write() {
  mkdirSync(assets, { recursive: true });
  const outputs = await build();
  for (const name of readdirSync(assets)) if (!outputs.has(name)) rmSync(join(assets, name));
  for (const [name, text] of outputs) {
    writeFileSync(join(assets, name), text);
    console.log(`${name}  ${Buffer.byteLength(text).toLocaleString("en")} bytes`);
  }
  return 0;
}

async function check() {
  const stale = [];
  for (const [name, text] of await build()) {
    const path = join(assets, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) stale.push(name);
  }
  if (stale.length > 0) console.error(`stale: ${stale.join(", ")}. Run 'make viewer' and commit the result.`);
  return stale.length > 0 ? 1 : 0;
}

async function test() {
  const entries = filesBelow("tests").filter((path) => path.endsWith(".test.ts"));
  if (entries.length === 0) {
    console.error("no tests found under viewer/tests");
    return 1;
  }
  const out = realpathSync(mkdtempSync(join(tmpdir(), "matcube-viewer-tests-")));
  try {
    const options = { platform: "node", format: "esm", sourcemap: "inline", outExtension: { ".js": ".mjs" } };
    await esbuild.build({
      ...shared,
      ...options,
      entryPoints: entries,
      outbase: "tests",
      outdir: out,
      write: true,
    });
    const files = entries.map((path) => join(out, relative("tests", path).replace(/\.ts$/, ".mjs")));
    const flags = ["--enable-source-maps", "--test", "--test-reporter=spec"];
    const reports = join(out, "coverage");
    const env = { ...process.env, NODE_V8_COVERAGE: reports };
    const run = spawnSync(process.execPath, [...flags, ...files], { cwd: viewer, encoding: "utf8", env });
    const report = run.stdout + run.stderr;
    const summary = report
      .split("\n")
      .filter((line) => /^(ℹ|#) (tests|pass|fail|skipped|duration_ms) /.test(line));
    console.log(run.status === 0 ? summary.join("\n") : report);
    const { coverageTable } = await import("./coverage.mjs");
    const sources = filesBelow("src").filter((path) => /(?<!\.gen|\.d)\.ts$/.test(path));
    const names = sources.map((path) => path.slice("src/".length));
    console.log((await coverageTable(reports, join(viewer, "src"), names)).join("\n"));
    return run.status ?? 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function printHash() {
  console.log(sourceHash());
  return 0;
}

const commands = { "--write": write, "--check": check, "--test": test, "--hash": printHash };
const command = commands[process.argv[2] ?? "--write"];
if (!command) {
  console.error(`unknown option ${process.argv[2]}; one of ${Object.keys(commands).join(" ")}`);
  process.exit(2);
}
process.exitCode = await command();
