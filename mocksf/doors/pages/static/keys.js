// Keys for hands that stay on the keyboard: `/` looks for, `g` and a letter goes, `j` and `k` walk the rows.
"use strict";
const rows = () => [...document.querySelectorAll("[data-row]")];
const go = { o: "objects", j: "journal", w: "weather", l: "latency", c: "clock", h: "home" };
let waiting = false;
const walk = (by) => {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) next.focus();
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (waiting) {
    waiting = false;
    const link = document.querySelector(`nav a[data-key="${go[event.key]}"]`);
    if (link) link.click();
    return;
  }
  if (event.key === "g") waiting = true;
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "/") {
    const field = document.querySelector("[data-search]");
    if (field) { event.preventDefault(); field.focus(); }
  }
});
