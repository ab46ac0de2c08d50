// Arrow keys walk over the tiles; the copy button takes the script.
const tiles = [...document.querySelectorAll(".open")];
addEventListener("keydown", (event) => {
  const here = tiles.indexOf(document.activeElement);
  if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = tiles[here].getBoundingClientRect();
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  let next = step ? tiles[here + step] : null;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const down = event.key === "ArrowDown";
    const rest = (down ? tiles.slice(here + 1) : tiles.slice(0, here).reverse()).map((tile) => [tile, tile.getBoundingClientRect()]);
    const line = rest.find(([, box]) => Math.abs(box.top - at.top) > 40)?.[1].top;
    const row = rest.filter(([, box]) => line !== undefined && Math.abs(box.top - line) <= 40);
    row.sort((a, b) => Math.abs(a[1].left - at.left) - Math.abs(b[1].left - at.left));
    next = row[0]?.[0];
  }
  if (next) {
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
});
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.nextElementSibling.textContent);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
}
const marks = [...document.querySelectorAll(".top nav a")];
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const mark of marks) {
      if (mark.hash === `#${entry.target.id}`) mark.setAttribute("aria-current", "true");
      else mark.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "-80px 0px -75% 0px" });
for (const part of document.querySelectorAll("section[id]")) seen.observe(part);
