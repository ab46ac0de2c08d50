// Build the viewer into the Python package, or check it, or run its unit tests.
//
//   node build.mjs           write viewer.js, panel.js and viewer.css in src/matcube/outputs/assets
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

// The picture first; the controls come when it stands. The second takes over the shortened names of the first.
const bundles = { "viewer.js": "src/hosts/page.ts", "panel.js": "src/hosts/panel.ts" };

const shared = {
  absWorkingDir: viewer,
  bundle: true,
  target: "es2022",
  charset: "utf8",
  loader: { ".glsl": "text", ".vert": "text", ".frag": "text", ".css": "text", ".svg": "text" },
  logLevel: "warning",
  write: false,
};

/**
 * Names of fields and methods that only the viewer itself speaks, which a minified bundle may shorten.
 *
 * Never a name of the wire (types.gen.ts), of the browser, of an attribute or event given to `el`, of the
 * figures in matcubeStats, or one that is looked up by a text; names of matcubeProbe stand in quotes.
 */
const OWN_NAMES = `
address attrs backend bar boxId canAlone canvas cards changed clicked colLabel colLabels command cosine
countOf dotScale doubleClick draw drawRow dropped eyeSide failure filmWorks flagColours
flagLevels follow future goTo gotoBox halves handle hasValues hovered inMemory interior interiors
invalidate label lead leave lit live look moment moments moved nameOf nodeCol nodeId nodeRow onLost
onRestored operandsOf past picture pictureOf pixelAngle pixelsPerCell placeOf placeOfProduct plane planes
player playing polygon present priority problem propose proposed reading readout resized rings
rods room rowLabel rowLabels running session setLayout setScene sheetsWork slider snapshot source spoken
spots stage standing still strong sums taken tanHalf texels textures tip toast toolbar unclicked
unpin update valueText weak weights scene rect matrix made
`;

/** OWN_NAMES as esbuild wants them; a name of the wire among them is a mistake. */
function ownNames() {
  const names = OWN_NAMES.trim().split(/\s+/);
  const fields = wireFields();
  const wrong = names.filter((name) => fields.has(name));
  if (wrong.length > 0) throw new Error(`names of the wire cannot be shortened: ${wrong.join(", ")}`);
  return new RegExp(`^(?:${names.join("|")})$`);
}

/** Names of the wire; the browser's one very short name is among them. */
function wireFields() {
  const wire = readFileSync(join(viewer, "src/core/types.gen.ts"), "utf8");
  return new Set(["id", ...[...wire.matchAll(/readonly (\w+):/g)].map(([, name]) => name)]);
}

/** What the language offers by long names: a minified bundle says each of them once. */
const LONG_NAMES = {
  Math: "abs ceil cos floor hypot max min PI round sin sqrt",
  Number: "isFinite isInteger isNaN isSafeInteger",
  Object: "entries fromEntries keys",
  JSON: "stringify",
  Array: "from isArray",
};
const LONG_GLOBALS = "Error Float32Array Float64Array Map Number Promise Set String Uint16Array Uint8Array";

/** Each long name as a name of a module that esbuild may shorten; undefined is a name too, not `void 0`. */
function shortened() {
  const rows = Object.entries(LONG_NAMES).map(([owner, names]) => [owner, names.split(" ")]);
  const own = (owner, name) => `${owner}_${name}`;
  const globals = LONG_GLOBALS.split(" ");
  const contents = [
    ...rows.map(([owner, names]) => {
      const parts = names.map((name) => `${name}: ${own(owner, name)}`);
      return `export const { ${parts.join(", ")} } = globalThis.${owner};`;
    }),
    `export const { ${globals.map((name) => `${name}: own_${name}`).join(", ")} } = globalThis;`,
    "export let own_undefined;",
  ].join("\n");
  const define = Object.fromEntries([
    ...rows.flatMap(([owner, names]) => names.map((name) => [`${owner}.${name}`, own(owner, name)])),
    ...globals.map((name) => [name, `own_${name}`]),
    ["undefined", "own_undefined"],
    ["Number.NaN", "NaN"],
    ["Number.POSITIVE_INFINITY", "Infinity"],
  ]);
  const plugin = {
    name: "shortened",
    setup(build) {
      build.onResolve({ filter: /^shortened$/ }, () => ({ path: "shortened", namespace: "shortened" }));
      build.onLoad({ filter: /.*/, namespace: "shortened" }, () => ({ contents, loader: "js" }));
    },
  };
  return { define, inject: ["shortened"], plugins: [plugin, lent, shaders] };
}

/** What the second bundle imports from the layers of the first, it is lent by the first: src/ui/kit.ts. */
const lent = {
  name: "lent",
  setup(build) {
    const text = readFileSync(join(viewer, "src/ui/kit.ts"), "utf8");
    const names = /export const kit = \{([^}]*)\}/.exec(text)[1];
    const contents = `export const {${names}} = globalThis.matcubeKit;`;
    build.onResolve({ filter: /^\.\.\/(ui|render|core)\// }, ({ importer }) => {
      const from = relative(viewer, importer).split(sep).join("/");
      const late = from.startsWith("src/panel/") || from === bundles["panel.js"];
      return late ? { path: "kit", namespace: "lent" } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "lent" }, () => ({ contents, loader: "js" }));
  },
};

/** Shaders without their comments and idle spaces, and with short names; lines that begin with # stay lines. */
const shaders = {
  name: "shaders",
  setup(build) {
    const names = shortNames();
    build.onLoad({ filter: /\.(glsl|vert|frag)$/ }, ({ path }) => {
      const packed = bareLines(path).map((line) =>
        line.startsWith("#") ? `\n${line}\n` : ` ${line.replace(/\s*([-+*/=<>,;:?(){}&|!])\s*/g, "$1")}`,
      );
      const contents = packed
        .join("")
        .replace(/([,;(){}]) +/g, "$1")
        .replace(/\n\s+/g, "\n")
        .replace(/[A-Za-z_]\w*/g, (word) => names.get(word) ?? word);
      return { contents, loader: "text" };
    });
  },
};

const bareLines = (path) =>
  readFileSync(path, "utf8")
    .replace(/\/\/.*$/gm, "")
    .split(/\r?\n/)
    .map((line) => line.trim());

/** Short names for what shaders declare for themselves: not what scripts name (u…, a…), nor fields. */
function shortNames() {
  const paths = filesBelow("src/render/shaders").map((path) => join(viewer, path));
  const text = paths.flatMap(bareLines).join("\n");
  const declared = /\b(?:float|int|bool|uint|void|vec\d|[iu]vec\d|bvec\d|mat\d|Hit) (\w{3,})\b/g;
  const fixed = new Set(
    [...text.matchAll(/\.(\w+)/g), ...text.matchAll(/#\w+ (\w+)/g)].map(([, name]) => name),
  );
  const own = [...new Set([...text.matchAll(declared)].map(([, name]) => name))].filter(
    (name) => name !== "main" && !fixed.has(name) && !/^[uav][A-Z]/.test(name),
  );
  const taken = new Set(text.match(/[A-Za-z_]\w*/g));
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const pairs = letters.flatMap((a) => letters.map((b) => a.toUpperCase() + b));
  const short = [...letters, ...pairs].filter((name) => !taken.has(name));
  return new Map(own.map((name, at) => [name, short[at] ?? name]));
}

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
  let names = Object.fromEntries([...wireFields()].map((name) => [name, false])); // never one of these
  for (const [out, entry] of Object.entries(bundles)) {
    const result = await esbuild.build({
      ...shared,
      format: "iife",
      entryPoints: [entry],
      minify: true,
      legalComments: "none",
      mangleProps: ownNames(),
      mangleCache: names,
      ...shortened(),
    });
    names = result.mangleCache;
    const taken = Object.values(names).filter((name) => wireFields().has(name));
    if (taken.length > 0) throw new Error(`shortened to names of the wire: ${taken.join(", ")}`);
    outputs.set(out, `// ${stamp}\n${result.outputFiles[0].text}`);
  }
  const sheets = filesBelow("src/ui").filter((path) => path.endsWith(".css"));
  if (sheets.length > 0) {
    const css = sheets
      .sort()
      .map((path) => readFileSync(join(viewer, path), "utf8"))
      .join("\n");
    const { code } = await esbuild.transform(css, { loader: "css", minify: true, charset: "utf8" });
    outputs.set("viewer.css", `/* ${stamp} */\n${code}`);
  }
  return outputs;
}

async function write() {
  mkdirSync(assets, { recursive: true });
  for (const [name, text] of await build()) {
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
    const run = spawnSync(process.execPath, [...flags, ...files], { cwd: viewer, encoding: "utf8" });
    const report = run.stdout + run.stderr;
    const summary = report
      .split("\n")
      .filter((line) => /^(ℹ|#) (tests|pass|fail|skipped|duration_ms) /.test(line));
    console.log(run.status === 0 ? summary.join("\n") : report);
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
