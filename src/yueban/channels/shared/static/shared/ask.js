// The conversation with a script: asked without leaving the page, spoken where the browser can listen, read aloud.
// Without it every button posts a form and the page comes back with the answer.
(() => {
  "use strict";
  const main = document.querySelector("[data-ask-main]");
  if (!main) return;
  const box = main.querySelector("textarea"), log = document.getElementById("turns");
  const status = main.querySelector("[data-ask-status]");

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    main.requestSubmit();
  });

  // What is posted comes back as one turn, put at the end of the log.
  if (log && log.dataset.live !== "off" && window.htmx) {
    const wire = (root) => {
      root.querySelectorAll("form[data-ask]").forEach((form) => {
        form.setAttribute("hx-post", form.getAttribute("action"));
        form.setAttribute("hx-target", "#turns");
        form.setAttribute("hx-swap", "beforeend");
        form.setAttribute("hx-disabled-elt", "find button");
      });
      root.querySelectorAll("form[data-rate]").forEach((form) => {
        form.setAttribute("hx-post", form.getAttribute("action"));
        form.setAttribute("hx-swap", "outerHTML");
      });
      window.htmx.process(root);
    };
    wire(document.querySelector("main"));
    // While a model speaks its sentences come as comments before the turn: shown at once, gone when the turn is there.
    const heard = document.querySelector("[data-ask-said]");
    const hear = (text) => {
      const said = [...text.matchAll(/<!--said:(.*?)-->/g)].map((one) => JSON.parse(one[1]));
      if (!heard || !said.length) return;
      heard.hidden = false;
      heard.firstElementChild.textContent = said.map((one) => one.text).join("");
      heard.querySelector(".made-by-model").textContent = said[0].label;
    };
    document.addEventListener("htmx:beforeSend", (event) => {
      if (!event.detail.elt.matches("form[data-ask]")) return;
      const xhr = event.detail.xhr;
      xhr.addEventListener("progress", () => hear(xhr.responseText));
    });
    document.addEventListener("htmx:afterRequest", () => { if (heard) heard.hidden = true; });
    document.addEventListener("htmx:beforeRequest", (event) => {
      if (event.detail.elt.matches("form[data-ask]")) status.textContent = status.dataset.waiting;
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      const form = event.detail.elt;
      if (!form.matches || !form.matches("form[data-ask]")) return;
      delete form.dataset.sent;
      status.textContent = event.detail.xhr && event.detail.xhr.status ? "" : status.dataset.failed;
      if (!event.detail.successful || event.detail.xhr.status >= 400) return;
      if (form === main) box.value = "";
      const last = log.lastElementChild;
      if (last) { wire(last); last.scrollIntoView({ block: "start" }); }
      document.querySelectorAll("[data-suggested]").forEach((part) => part.remove());
      if (form !== main && last) last.focus({ preventScroll: true });
      if (reading) say(last);
      if (readButton) readButton.hidden = false;
    });
  }

  // Voice input, only where the browser has it.
  const Listener = window.SpeechRecognition || window.webkitSpeechRecognition;
  const voice = main.querySelector("[data-voice]");
  if (Listener && voice) {
    const listener = new Listener(), label = voice.textContent;
    listener.lang = document.documentElement.lang.startsWith("en") ? "en-US" : "zh-CN";
    listener.interimResults = true;
    voice.hidden = false;
    listener.addEventListener("result", (event) => {
      box.value = [...event.results].map((one) => one[0].transcript).join("");
    });
    listener.addEventListener("end", () => {
      delete voice.dataset.listens;
      voice.textContent = label;
      box.focus();
    });
    voice.addEventListener("click", () => {
      if (voice.dataset.listens) { listener.stop(); return; }
      voice.dataset.listens = "1";
      voice.textContent = voice.dataset.listening;
      listener.start();
    });
  }

  // Answers read aloud by the browser's own voice.
  const readButton = main.querySelector("[data-read]");
  let reading = false;
  const say = (turn) => {
    const text = turn && turn.querySelector("[data-read-aloud]");
    if (!text) return;
    const copy = text.cloneNode(true);
    copy.querySelectorAll("sup").forEach((one) => one.remove());
    const words = new SpeechSynthesisUtterance(copy.textContent);
    words.lang = text.lang || "zh-CN";
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(words);
  };
  if (window.speechSynthesis && readButton && log) {
    const label = readButton.textContent;
    readButton.hidden = !log.children.length;
    readButton.addEventListener("click", () => {
      reading = !reading;
      readButton.textContent = reading ? readButton.dataset.stop : label;
      if (reading) say(log.lastElementChild);
      else window.speechSynthesis.cancel();
    });
  }
})();
