// Hands stay on the keyboard: `/` searches, `g` and a letter goes to a page, `j` and `k` walk the rows, `?` says so.
"use strict";
(() => {
  let going = false;
  const typing = (element) => element.matches("input, textarea, select");
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const here = rows.indexOf(document.activeElement);
    const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)];
    if (next) next.focus();
  };
  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
    "/": (event) => {
      const field = document.querySelector("[data-search]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
    } else if (going) {
      going = false;
      const link = document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`);
      if (link) link.click();
    } else if (Object.hasOwn(deeds, event.key)) deeds[event.key](event);
  });
  document.querySelectorAll("select[data-go]").forEach((select) => {
    select.addEventListener("change", () => { location.href = select.value; });
  });
})();
