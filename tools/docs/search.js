// Search over the guide and the reference. INDEX is defined above: nothing is fetched, so it works from a folder.
const form = document.querySelector(".search");
const field = form.querySelector("input");
const hits = form.querySelector("ol");
const SHOWN = 12;
const AROUND = 60; // characters of text shown before and after a word

/** How well an entry answers one word: a title first, and there the whole word, its beginning, a part of it. */
function score(entry, word) {
  const title = entry.title.toLowerCase();
  if (title === word) return 40;
  if (title.startsWith(word)) return 20;
  if (title.includes(word)) return 10;
  const at = entry.text.toLowerCase().indexOf(word);
  if (at < 0) return 0;
  return /\w/.test(entry.text[at - 1] ?? " ") ? 1 : 3;
}

/** Entries that answer every word, best first. */
function search(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = INDEX.map((entry) => {
    const scores = words.map((word) => score(entry, word));
    return { entry, total: scores.includes(0) ? 0 : scores.reduce((sum, one) => sum + one, 0) };
  });
  const matches = scored.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total);
  return matches.slice(0, SHOWN).map(({ entry }) => entry);
}

function excerpt(text, word) {
  const at = Math.max(text.toLowerCase().indexOf(word), 0);
  const start = Math.max(at - AROUND, 0);
  return `${start > 0 ? "…" : ""}${text.slice(start, at + word.length + AROUND)}…`;
}

function item(entry, word) {
  const link = document.createElement("a");
  link.href = entry.address;
  for (const [tag, text] of [["b", entry.title], ["span", entry.page], ["small", excerpt(entry.text, word)]]) {
    link.append(Object.assign(document.createElement(tag), { textContent: text }), " ");
  }
  const row = document.createElement("li");
  row.append(link);
  return row;
}

function show() {
  const word = field.value.trim().toLowerCase().split(/\s+/)[0];
  const entries = search(field.value);
  hits.replaceChildren(...entries.map((entry) => item(entry, word)));
  if (word !== "" && entries.length === 0) hits.append(Object.assign(document.createElement("li"), { textContent: "Nothing" }));
  hits.hidden = word === "";
}

/** Arrow keys walk over the field and the links under it. */
function walk(event) {
  if (event.key === "Escape") {
    field.value = "";
    show();
    field.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const stops = [field, ...hits.querySelectorAll("a")];
  stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)].focus();
}

form.hidden = false;
field.addEventListener("input", show);
form.addEventListener("keydown", walk);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  hits.querySelector("a")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea")) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
});
