// Keys of the desk, and words kept while a paper is looked up. Every act works without this file.
(() => {
  "use strict";

  const isTyping = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const isShown = (element) => element.offsetParent !== null;

  // j and k move through the rows of a list; Enter follows the link that has the focus.
  const rows = () => [...document.querySelectorAll("main [data-row], .rail [data-row]")].filter(isShown);
  const moveRow = (step) => {
    const all = rows();
    if (!all.length) return;
    const current = all.indexOf(document.activeElement);
    const marked = all.findIndex((row) => row.closest("[aria-current]"));
    const from = current >= 0 ? current : marked;
    const next = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  // A letter on an act takes the button into focus; the same letter again, or Enter, presses it. Links open at once.
  let armed = null;
  const disarm = () => { if (armed) armed.classList.remove("armed"); armed = null; };
  const press = (element) => {
    if (element.matches("input")) { element.focus(); element.select(); return; }
    if (element.matches("a") || element.getAttribute("formtarget") || armed === element) { disarm(); element.click(); return; }
    disarm();
    armed = element;
    element.classList.add("armed");
    element.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { disarm(); if (isTyping(event.target)) event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); moveRow(event.key === "j" ? 1 : -1); return; }
    if (event.key.length !== 1) return;
    const marked = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)];
    const target = marked.find(isShown) || marked.find((element) => element.closest("details:not([open])"));
    if (target) { event.preventDefault(); press(target); }
  });
  document.addEventListener("focusout", (event) => { if (event.target === armed) disarm(); });

  // Whoever signs out leaves nothing of anybody on a shared machine.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action$="/sign-out"]')) return;
    [localStorage, sessionStorage].forEach((store) => Object.keys(store).filter((key) => /^(yueban:draft|desk):/.test(key)).forEach((key) => store.removeItem(key)));
  });

  // Standard words: a press on one, or Alt and its place in the list, puts it where the cursor stands.
  const insert = (button) => {
    const area = button.closest(".field").querySelector("textarea");
    const words = button.textContent.trim();
    area.setRangeText(area.selectionStart && !area.value.endsWith("\n") && area.selectionStart === area.value.length ? `\n${words}` : words, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const used = area.form.querySelector("[name=phrases]") || area.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "phrases" }));
    used.value = [used.value, button.dataset.phrase].filter(Boolean).join(",");
  };
  document.addEventListener("click", (event) => { const button = event.target.closest("[data-phrase]"); if (button) insert(button); });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !/^Digit[1-9]$/.test(event.code) || !event.target.matches("textarea")) return;
    const list = event.target.closest(".field").querySelectorAll("[data-phrase]");
    const button = list[Number(event.code.slice(5)) - 1];
    if (button) { event.preventDefault(); insert(button); }
  });

  // One tick for all rows of a list.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    event.target.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
  });

  // A preview goes to the frame beside the form: it is no sending, so the form may be sent after it.
  const sheet = document.querySelector(".sheet");
  document.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.getAttribute("formtarget")) {
      if (sheet) { sheet.classList.add("previewing"); sheet.scrollTop = 0; }
      setTimeout(() => delete event.target.dataset.sent);
    }
    else forget(event.target);
  });

  document.addEventListener("click", (event) => { if (event.target.closest(".papers a")) sheet.classList.remove("previewing"); });

  // On a wide screen the work begins at once: the first field of the open form has the focus, unless an error has it.
  const first = document.querySelector("form[data-first] :is(textarea, input[type=radio])");
  if (first && !document.querySelector("[data-focus]") && matchMedia("(min-width: 56rem)").matches) first.focus({ preventScroll: true });

  // Words typed into a form are kept in this tab until they are sent.
  const bench = document.querySelector("[data-case]");
  const keyOf = (form) => bench && form.dataset.draft ? `desk:${bench.dataset.case}:${form.dataset.draft}` : null;
  const fields = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=radio], input:not([type])")];
  const forget = (form) => { const key = keyOf(form); if (key) sessionStorage.removeItem(key); };
  const keep = (form) => {
    const key = keyOf(form);
    if (!key) return;
    const words = {};
    fields(form).forEach((field) => { if (field.type !== "radio" ? field.value : field.checked) words[field.name] = field.value; });
    sessionStorage.setItem(key, JSON.stringify(words));
  };
  const restore = (form) => {
    const key = keyOf(form);
    const words = key && JSON.parse(sessionStorage.getItem(key) || "null");
    if (!words) return;
    fields(form).forEach((field) => {
      if (!(field.name in words)) return;
      if (field.type === "radio") field.checked = field.checked || field.value === words[field.name];
      else if (!field.value) field.value = words[field.name];
    });
  };
  document.querySelectorAll("form[data-draft]").forEach(restore);
  document.addEventListener("input", (event) => { const form = event.target.closest("form[data-draft]"); if (form) keep(form); });

  // What must be typed into another system is copied with one press; the button says that it is done.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "已复制";
  });
})();
