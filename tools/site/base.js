// Dark or light: the reader's choice, else the system's. Pictures come in both.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: light)");
let chosen = null;
try { chosen = localStorage.getItem("matcube-theme"); } catch { /* a page from a folder may have no storage */ }
function show() {
  const theme = chosen ?? (system.matches ? "light" : "dark");
  root.dataset.theme = theme;
  for (const image of document.querySelectorAll("img[data-light]")) {
    image.src = theme === "light" ? image.dataset.light : image.dataset.dark;
  }
}
system.addEventListener("change", show);
document.querySelector(".theme")?.addEventListener("click", () => {
  chosen = root.dataset.theme === "light" ? "dark" : "light";
  try { localStorage.setItem("matcube-theme", chosen); } catch { /* then it holds for this page */ }
  show();
});
show();
