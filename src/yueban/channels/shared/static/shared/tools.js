// The 无障碍 tools: choices take effect at once and are kept in cookies; reading aloud; the guide line; the keys.
(() => {
  "use strict";
  const root = document.documentElement;
  const tools = document.getElementById("tools");
  if (!tools) return;
  const link = document.querySelector("[data-tools-switch]");
  const status = tools.querySelector(".say");
  const say = (text) => { status.textContent = text; };
  const keep = (name, value) => {
    document.cookie = `yueban_${name}=${value}; path=/; max-age=${value ? 31536000 : 0}; samesite=lax`;
  };
  root.dataset.scripts = "on";

  // Opening and closing.
  const show = (isOpen) => {
    tools.hidden = !isOpen;
    link.setAttribute("aria-expanded", String(isOpen));
    keep("tools", isOpen ? "open" : "");
    if (isOpen) tools.querySelector("button").focus();
    else { stop(); link.focus(); }
  };
  link.setAttribute("role", "button");
  link.setAttribute("aria-controls", "tools");
  link.setAttribute("aria-expanded", String(!tools.hidden));
  link.addEventListener("click", (event) => { event.preventDefault(); show(tools.hidden); });
  link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });

  // A choice: the attribute of the page, the cookie, and which button is pressed.
  tools.querySelector("form").addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.name) return;
    event.preventDefault();
    const { name } = button;
    if (name === "tools") { show(false); return; }
    const value = "on" in button.dataset && button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.on || button.value;
    if (value) root.dataset[name] = value; else delete root.dataset[name];
    keep(name, value);
    tools.querySelectorAll(`button[name="${name}"]`).forEach((one) => {
      one.setAttribute("aria-pressed", String("on" in one.dataset ? Boolean(value) : one.value === value));
    });
    drawLine();
  });

  // The guide line follows the pointer and the focus.
  const line = document.createElement("div");
  line.className = "guide-line";
  line.setAttribute("aria-hidden", "true");
  const drawLine = () => { if (root.dataset.line) document.body.append(line); else line.remove(); };
  document.addEventListener("pointermove", (event) => { line.style.top = `${event.clientY + 14}px`; });
  document.addEventListener("focusin", (event) => { line.style.top = `${event.target.getBoundingClientRect().bottom + 4}px`; });
  drawLine();

  // Reading aloud, one passage after the other, with the place marked.
  const voice = window.speechSynthesis;
  const PASSAGES = "h1, h2, h3, p, li, dt, dd, legend, label, th, td, summary, .btn";
  let passages = [];
  let place = -1;
  const pause = tools.querySelector("[data-pause]");
  const markPaused = (isPaused) => pause.setAttribute("aria-pressed", String(isPaused));

  const passagesOf = (area) => [...area.querySelectorAll(PASSAGES)].filter((one) =>
    one.checkVisibility() && one.innerText.trim() && !one.querySelector(PASSAGES) && !one.closest(".visually-hidden"));

  const unmark = () => document.querySelectorAll(".reading").forEach((one) => one.classList.remove("reading"));

  const next = () => {
    unmark();
    place += 1;
    const passage = passages[place];
    if (!passage) { place = -1; say(tools.dataset.sayDone); return; }
    passage.classList.add("reading");
    passage.scrollIntoView({ block: "center", behavior: "auto" });
    const words = new SpeechSynthesisUtterance(passage.innerText);
    const language = (passage.closest("[lang]") || root).lang.startsWith("en") ? "en" : "zh";
    words.lang = language === "en" ? "en-GB" : "zh-CN";
    words.voice = voice.getVoices().find((one) => one.lang.toLowerCase().startsWith(language)) || null;
    words.onend = () => { if (place >= 0 && passages[place] === passage) next(); };
    words.onerror = (event) => { if (!["interrupted", "canceled"].includes(event.error)) { stop(); say(tools.dataset.sayNone); } };
    voice.speak(words);
  };

  const stop = () => {
    place = -1;
    passages = [];
    if (voice) voice.cancel();
    markPaused(false);
    unmark();
    say("");
  };

  const hasVoice = async () => {
    if (!voice) return false;
    const language = root.lang.startsWith("en") ? "en" : "zh";
    const fits = () => voice.getVoices().some((one) => one.lang.toLowerCase().startsWith(language));
    if (!fits()) await new Promise((done) => { voice.addEventListener("voiceschanged", done, { once: true }); setTimeout(done, 800); });
    return fits();
  };

  const read = async () => {
    stop();
    if (!await hasVoice()) { say(tools.dataset.sayNone); return; }
    say(tools.dataset.sayReading);
    passages = passagesOf(document.getElementById("content"));
    next();
  };

  const toggle = () => {
    if (place < 0) { read(); return; }
    if (voice.paused) { voice.resume(); markPaused(false); say(tools.dataset.sayReading); }
    else { voice.pause(); markPaused(true); say(tools.dataset.sayPaused); }
  };

  tools.querySelector("[data-reading]").hidden = false;
  tools.querySelector("[data-read]").addEventListener("click", read);
  tools.querySelector("[data-stop]").addEventListener("click", stop);
  pause.addEventListener("click", () => { if (place >= 0) toggle(); });
  window.addEventListener("pagehide", stop);

  // The keys.
  const KEYS = {
    KeyA: () => show(tools.hidden),
    KeyR: () => { if (tools.hidden) show(true); toggle(); },
    KeyC: () => document.getElementById("content").focus(),
    KeyS: () => { const box = document.querySelector("[role=search] input[type=search]"); if (box) box.focus(); else location.href = "/"; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (place >= 0) stop();
      else if (!tools.hidden && tools.contains(document.activeElement)) show(false);
    }
    if (event.altKey && event.shiftKey && KEYS[event.code]) { event.preventDefault(); KEYS[event.code](); }
  });
})();
