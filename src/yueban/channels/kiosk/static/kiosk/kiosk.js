// The kiosk with a script: a calm countdown that touching ends, a keypad under fields of digits, and no page of the
// person before. Without a script the page leads to the wipe by itself (see base.html).
(() => {
  "use strict";
  const root = document.documentElement;
  root.dataset.scripts = "";
  const idle = document.querySelector("[data-idle]");
  const NEAR = 15, PING = 20;

  // A page of the browser's history that carries the number of another visit belongs to somebody else.
  if (idle) {
    const state = history.state || {};
    if (state.visit && state.visit !== idle.dataset.visit) location.replace(idle.dataset.home);
    else history.replaceState({ ...state, visit: idle.dataset.visit }, "");
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  if (idle) {
    const limit = Number(idle.dataset.idle), shown = idle.querySelector(".n"), say = idle.querySelector("[data-say]");
    let touched = Date.now(), told = touched, over = false;
    const wipe = async () => {
      over = true;
      const form = document.querySelector("form[data-draft]");
      if (form) {
        // What was typed on this screen goes into the person's own draft before the screen is wiped.
        const data = new FormData(form);
        data.set("go", "stay");
        try { await fetch(form.action, { method: "POST", body: data, redirect: "manual" }); } catch { /* the wipe comes first */ }
      }
      location.replace(idle.dataset.wipe);
    };
    const touch = () => {
      if (over) return;
      touched = Date.now();
      if (idle.classList.contains("is-near")) { idle.classList.remove("is-near"); say.textContent = ""; }
      if (touched - told > PING * 1000) {
        told = touched;
        fetch(idle.dataset.alive, { cache: "no-store", redirect: "manual" })
          .then((answer) => { if (answer.type === "opaqueredirect") location.replace(idle.dataset.wipe); })
          .catch(() => {});
      }
    };
    for (const kind of ["pointerdown", "keydown", "input", "touchmove", "wheel"]) {
      document.addEventListener(kind, touch, { passive: true });
    }
    setInterval(() => {
      const left = Math.ceil(limit - (Date.now() - touched) / 1000);
      if (over) return;
      if (left <= 0) { wipe(); return; }
      if (left > NEAR) return;
      idle.classList.add("is-near");
      shown.textContent = String(left);
      if (left === NEAR || left === 5) say.textContent = say.dataset.sayText.replace("%", String(left));
    }, 250);
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-stay]")) event.preventDefault();  // touching was enough
      const leave = event.target.closest("[data-leave]");
      if (leave) { event.preventDefault(); over = true; location.replace(leave.href); }
    });
  }

  // Digits are pressed on the screen: a keypad under the field that has the focus.
  const KEYS = { numeric: "123456789⌫0", decimal: "123456789.0⌫", tel: "123456789⌫0", hex: "0123456789abcdef⌫" };
  const labels = { "⌫": "←" };
  const kindOf = (field) => field.dataset.keys || field.getAttribute("inputmode");
  const put = (field) => {
    document.querySelectorAll(".keypad").forEach((pad) => pad.remove());
    const kind = kindOf(field), pad = document.createElement("div");
    pad.className = `keypad ${kind}`;
    for (const key of KEYS[kind]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = labels[key] || key.toUpperCase();
      button.dataset.key = key;
      pad.append(button);
    }
    pad.addEventListener("pointerdown", (event) => event.preventDefault());
    pad.addEventListener("click", (event) => {
      const key = event.target.dataset.key;
      if (!key) return;
      if (key === "⌫") field.value = field.value.slice(0, -1);
      else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    (field.closest(".field") || field).append(pad);
  };
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input") && KEYS[kindOf(event.target)] && !event.target.readOnly) put(event.target);
  });
  const first = document.querySelector("main input.input");
  if (first && KEYS[kindOf(first)] && !document.querySelector("[data-focus]")) first.focus({ preventScroll: true });
})();
