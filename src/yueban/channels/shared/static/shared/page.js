// Small comforts of every page; each main act works without them.
(() => {
  "use strict";

  // The error summary, or another thing that must be read first, takes the focus.
  const focusFirst = (root) => {
    const target = root.querySelector("[data-focus]");
    if (target) target.focus();
  };

  // A button with data-opens="id" opens that dialog; one with data-closes shuts its own.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog && !dialog.open) { event.preventDefault(); dialog.showModal(); }
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    if (event.target.closest("[data-print]")) window.print();
  });

  // A link to a folded part opens it.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
  };
  window.addEventListener("hashchange", unfold);
  document.addEventListener("click", (event) => { if (event.target.closest('a[href^="#"]')) setTimeout(unfold); });

  // A part that was drawn anew is no longer the address's target, and 长辈版 shows only that: aim at it again.
  document.addEventListener("htmx:afterSettle", () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target || target.matches(":target")) return;
    const top = window.scrollY;
    location.replace(location.hash);
    window.scrollTo(0, top);
  });

  // A save that is on its way is waited for, so that the button sends what is newest; none begins after it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("hx-post") || !form.classList.contains("htmx-request")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    form.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(button)), { once: true });
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.dataset.sent) event.preventDefault();
  });

  // A form is sent once: a second click within the same page does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") && event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What an htmx request could not do is said in the page's status line.
  const say = (text) => {
    const line = document.querySelector("[data-status]");
    if (line) { line.textContent = text; line.classList.add("bad"); }
  };
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.sayOffline));
  document.addEventListener("htmx:responseError", () => say(document.body.dataset.sayUnsaved));

  // Choosing a file hands it in at once; the button stays for those without scripts.
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-send]") && event.target.files.length) event.target.form.requestSubmit();
  });

  // Suggestions under the search box: arrow keys move, Escape shuts.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-suggest]");
    if (!box) return;
    const links = [...box.querySelectorAll("[data-suggestions] a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] || box.querySelector("input")).focus(); }
    if (event.key === "Escape") { const list = box.querySelector("[data-suggestions]"); list.replaceChildren(); box.querySelector("input").focus(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-suggest]")) return;
    document.querySelectorAll("[data-suggestions]").forEach((list) => list.replaceChildren());
  });

  unfold();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => focusFirst(document));
  else focusFirst(document);
})();
