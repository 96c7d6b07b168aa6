// A draft at the desk: saved as one types, kept on this machine while there is no connection. Every act works without this file.
(() => {
  "use strict";

  const PREFIX = "yueban:draft:";
  const DAY = 12 * 3600 * 1000;
  const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };
  const keysOf = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  // What is older than a shift goes; what was handed in is cleared by the page that says so.
  keysOf().forEach((key) => { const kept = parse(localStorage.getItem(key)); if (!kept || Date.now() - kept.at > DAY) localStorage.removeItem(key); });
  const done = document.querySelector("[data-clear-draft]");
  if (done) localStorage.removeItem(`${PREFIX}${done.dataset.user}:${done.dataset.clearDraft}`);

  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const key = `${PREFIX}${form.dataset.user}:${form.dataset.draftKey}`;
  const line = form.querySelector("[data-saved]");
  const revision = () => form.querySelector('[name="revision"]');
  const SKIPPED = new Set(["csrfmiddlewaretoken", "pad", "go", "signed", "seen", "powers", "ends_on", "agreed", "stands", "agent_name", "agent_id_number", "shape", "revision"]);

  const say = (text, isBad = false) => { line.textContent = text; line.classList.toggle("bad", isBad); };
  const values = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIPPED.has(name));
  const keep = () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), revision: revision().value, values: values() }));
  const forget = () => localStorage.removeItem(key);

  // Puts words back into the controls of their names.
  const put = (pairs) => {
    const byName = new Map();
    pairs.forEach(([name, value]) => byName.set(name, [...(byName.get(name) || []), value]));
    form.querySelectorAll("#sections :is(input, select, textarea)").forEach((control) => {
      if (control.type === "checkbox" || control.type === "radio") { if (byName.has(control.name)) control.checked = byName.get(control.name).includes(control.value); }
      else if (byName.has(control.name)) control.value = byName.get(control.name).shift() ?? "";
    });
  };

  let timer = 0, again = 0, sending = null, isOver = false;
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };

  const offline = () => {
    say("未连接，已存在本机；恢复后自动保存。", true);
    again = Math.min((again || 1000) * 2, 20000);
    later(again);
  };

  const redraw = (html, shape) => {
    const focused = document.activeElement && document.activeElement.name;
    const before = values();
    document.getElementById("sections").innerHTML = html;
    put(before);
    form.querySelector('[name="shape"]').value = shape;
    const back = focused && form.elements.namedItem(focused);
    if (back) (back instanceof RadioNodeList ? [...back].find((one) => one.checked) || back[0] : back).focus();
  };

  const conflict = (html) => {
    document.getElementById("conflict").outerHTML = html;
    const shown = document.querySelector("#conflict [data-focus]");
    if (shown) shown.focus();
    say("别处改过，等您选一边；这里填的都还在。", true);
  };

  const read = async (response, sent) => {
    if (response.type === "opaqueredirect" || response.status === 401) { say("登录已过期，已存在本机；请重新登录后打开这份草稿。", true); return; }
    const answer = await response.json();
    if (response.status === 409) {
      isOver = Boolean(answer.is_over);
      if (answer.html) conflict(answer.html); else say(answer.problem, true);
      return;
    }
    if (!response.ok) { say(answer.problem, true); return; }
    revision().value = answer.revision;
    again = 0;
    if (answer.html) redraw(answer.html, answer.shape);
    if (JSON.stringify(values()) === sent) { forget(); say(`已保存 ${answer.at}`); } else { keep(); later(300); }
  };

  async function send() {
    clearTimeout(timer);
    if (sending || isOver) return;
    if (!navigator.onLine) { offline(); return; }
    const pairs = values(), sent = JSON.stringify(pairs);
    const body = new URLSearchParams(pairs);
    ["csrfmiddlewaretoken", "revision", "shape"].forEach((name) => body.set(name, form.querySelector(`[name="${name}"]`).value));
    say("正在保存…");
    try {
      sending = fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "HX-Request": "true" } });
      await read(await sending, sent);
    } catch { offline(); }
    finally { sending = null; }
  }

  form.addEventListener("input", (event) => {
    if (!event.target.closest("#sections")) return;
    keep();
    later(event.target.matches("[type=radio], [type=checkbox], select") ? 150 : 800);
  });
  window.addEventListener("online", () => { again = 0; if (localStorage.getItem(key)) send(); });
  window.addEventListener("offline", () => { if (localStorage.getItem(key)) offline(); else say("未连接；接着填，会存在本机。", true); });

  // What was not sent before the page was closed is put back and sent with the revision it was typed on.
  const kept = parse(localStorage.getItem(key));
  if (kept) {
    put(kept.values);
    if (!document.querySelector("#conflict .errors")) { revision().value = kept.revision; say("已恢复本机保存的内容，正在保存…"); later(0); }
  }

  document.addEventListener("click", (event) => {
    const mine = event.target.closest("[data-keep-mine]");
    if (mine) { event.preventDefault(); revision().value = mine.dataset.keepMine; document.getElementById("conflict").replaceChildren(); keep(); send(); form.querySelector("#sections :is(input, select, textarea)").focus(); }
    if (event.target.closest("[data-take-theirs]")) forget();
  });

  // A button posts the whole page, after what is on its way has arrived.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const stop = () => { event.preventDefault(); setTimeout(() => delete form.dataset.sent); };
    if (!navigator.onLine) { stop(); keep(); say("未连接，已存在本机；恢复后再提交。", true); return; }
    if (sending) { stop(); sending.finally(() => setTimeout(() => form.requestSubmit(button), 50)); return; }
    clearTimeout(timer);
    if (button && button.name === "discard") forget();
  });

  // Files go up as soon as they are chosen.
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-take]") && event.target.files.length) form.requestSubmit(event.target.parentElement.querySelector("button"));
  });

  // The paper to be signed says what is ticked here, and until when.
  const sheet = form.querySelector("[data-mandate-sheet]");
  if (sheet) sheet.addEventListener("click", () => {
    const chosen = [...new FormData(form)].filter(([name]) => name === "powers" || name === "ends_on");
    sheet.search = new URLSearchParams(chosen).toString();
  });

  // Enter leads to the next field; Ctrl and Enter hand in.
  const stops = () => [...form.querySelectorAll("#sections :is(input, select, textarea), .draft-side :is(input:not([type=hidden]), button:not(.visually-hidden))")].filter((one) => one.offsetParent !== null && !one.disabled);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(form.querySelector('[name="submit"]')); return; }
    if (!event.target.matches("#sections :is(input, select), .draft-side input:not([type=file])")) return;
    event.preventDefault();
    const all = stops(), at = all.indexOf(event.target);
    const next = all.slice(at + 1).find((one) => one.type !== "radio" || one.name !== event.target.name);
    if (next) next.focus();
  });
  const isAsked = (one) => one.matches('[aria-required="true"]') || one.closest("fieldset.field") && !one.closest("fieldset.field").querySelector(".need");
  const empty = stops().find((one) => one.matches("#sections *") && isAsked(one) && (one.type === "radio" || one.type === "checkbox" ? !form.querySelector(`#sections [name="${CSS.escape(one.name)}"]:checked`) : !one.value));
  const first = empty || form.querySelector('.draft-side :is([name="powers"], [name="agreed"])');
  if (first && !document.querySelector("[data-focus]") && !location.hash) first.focus();

  // The pad: a signature drawn with pen, finger or mouse, kept as strokes.
  const box = form.querySelector("[data-pad]");
  if (!box) return;
  box.hidden = false;
  const canvas = box.querySelector("canvas"), pen = canvas.getContext("2d"), field = box.querySelector('[name="pad"]');
  let strokes = [], stroke = null;
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#1A1D1F" });
    strokes.forEach((points) => { pen.beginPath(); points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y))); pen.stroke(); });
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };
  const point = (event) => {
    const rect = canvas.getBoundingClientRect();
    return [Math.round((event.clientX - rect.left) * canvas.width / rect.width), Math.round((event.clientY - rect.top) * canvas.height / rect.height)];
  };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); stroke = [point(event)]; strokes.push(stroke); });
  canvas.addEventListener("pointermove", (event) => { if (stroke) { stroke.push(point(event)); draw(); } });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { stroke = null; draw(); }));
  box.querySelector("[data-clear-pad]").addEventListener("click", () => { strokes = []; draw(); });
})();
