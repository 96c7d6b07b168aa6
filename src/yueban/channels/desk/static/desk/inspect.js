// The record of an inspection: kept on this phone while there is no signal, saved as one writes. Every act works without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-inspection]");
  if (!form) return;
  const KEPT_FOR = 3 * 24 * 3600 * 1000;
  const key = `yueban:draft:${form.dataset.user}:inspection-${form.dataset.inspection}`;
  const line = form.querySelector("[data-saved]");
  const revision = form.querySelector('[name="revision"]');
  const SKIPPED = new Set(["csrfmiddlewaretoken", "photo", "caption", "revision", "pad", "go"]);
  const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };
  const say = (text) => { line.textContent = text; };
  const values = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIPPED.has(name));
  const keep = () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), revision: revision.value, values: values() }));

  const put = (pairs) => {
    const words = new Map(pairs);
    form.querySelectorAll("input, select, textarea").forEach((one) => {
      if (!words.has(one.name) || one.type === "file") return;
      if (one.type === "radio") one.checked = one.value === words.get(one.name);
      else one.value = words.get(one.name);
    });
  };

  let timer = 0, sending = false;
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  async function send() {
    if (sending) { later(500); return; }
    if (!navigator.onLine) { say("没有信号，已存在这台手机上；有信号时自动保存。"); return; }
    sending = true;
    const sent = JSON.stringify(values());
    const body = new URLSearchParams(values());
    body.set("csrfmiddlewaretoken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
    body.set("revision", revision.value);
    body.set("go", "autosave");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual" });
      if (answer.ok && answer.headers.get("Content-Type").startsWith("application/json")) {
        revision.value = (await answer.json()).revision;
        if (JSON.stringify(values()) === sent) { localStorage.removeItem(key); say("已保存。"); } else later(300);
      } else say(answer.status === 409 ? "这份记录在别处改过，请刷新页面。" : "还没有存上，已存在这台手机上。");
    } catch { say("没有信号，已存在这台手机上；有信号时自动保存。"); later(15000); }
    finally { sending = false; }
  }

  const kept = parse(localStorage.getItem(key));
  if (kept && Date.now() - kept.at < KEPT_FOR && !document.querySelector("[data-focus]")) {
    put(kept.values);
    if (kept.revision === revision.value) later(0);
    else say("已放回这台手机上存的内容；记录在别处改过，请核对后保存。");
  }
  form.addEventListener("input", (event) => { if (!SKIPPED.has(event.target.name)) { keep(); later(1500); } });
  window.addEventListener("online", () => { if (localStorage.getItem(key)) send(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      keep();
      say("没有信号，已存在这台手机上；有信号时再提交，照片请先留在相册里。");
      setTimeout(() => delete form.dataset.sent);
      return;
    }
    localStorage.removeItem(key);
  });

  const box = form.querySelector("[data-pad]");
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
