// Editing an item: a choice that changes what can be filled in next draws the section anew. Every act works without this file.
(() => {
  "use strict";

  if (!document.getElementById("item-form")) return;

  // Everything is posted as by the section's own button, and what the answer holds takes the place of the page's.
  document.addEventListener("change", (event) => {
    if (!event.target.closest("#item-form [data-redraw]") || !window.htmx) return;
    event.stopPropagation();
    const form = document.getElementById("item-form");
    window.htmx.ajax("POST", form.getAttribute("action"), { source: form, target: "#item-bench", select: "#item-bench", swap: "outerHTML" });
  }, true);

  // On a phone the sections are a strip: the present one is brought into sight.
  const strip = document.querySelector("#item-tabs ol");
  const here = strip?.querySelector("[aria-current]");
  if (here) strip.scrollLeft = here.parentElement.offsetLeft - strip.offsetLeft - 16;

  // Rows that were open stay open after a button has drawn the page anew.
  const key = `desk:items:${location.pathname}`;
  const rows = () => [...document.querySelectorAll("details.item-row")];
  const kept = JSON.parse(sessionStorage.getItem(key) || "[]");
  rows().forEach((row) => { if (kept.includes(row.id)) row.open = true; });
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) {
    for (let holder = target.closest("details"); holder; holder = holder.parentElement.closest("details")) holder.open = true;
    target.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("toggle", () => sessionStorage.setItem(key, JSON.stringify(rows().filter((row) => row.open).map((row) => row.id))), true);
})();
