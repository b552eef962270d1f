// What pages do beyond HTML and htmx. Every listener sits on the document, so swapped parts need no wiring, and every
// page works without this file.
"use strict";

function announce(sentence) {
  const live = document.getElementById("live");
  live.textContent = sentence;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => (live.textContent = ""), 6000);
}

document.addEventListener("postern:announce", ({ detail }) => announce(detail.value));

// A page left open for long: the server sends a fresh form token, and what was typed can be sent again.
document.addEventListener("postern:csrf", ({ detail }) => {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = detail.value;
});

// ---- copying, and the one page that shows a key

async function copy(source, note) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    announce("Copied.");
  } catch {
    // No clipboard on plain HTTP, or not allowed: select it, and say so.
    getSelection().selectAllChildren(source);
    note.textContent = "Copying is not allowed here. The text is selected: press Ctrl+C, or ⌘C on a Mac.";
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) {
    const note = button.closest("[data-reveal]")?.querySelector("[data-copy-note]") ?? document.getElementById("live");
    copy(document.getElementById(button.dataset.copy), note);
  }
});

addEventListener("pagehide", () => {
  getSelection()?.removeAllRanges();
  for (const secret of document.querySelectorAll("[data-secret]")) secret.textContent = "Shown once, and gone.";
});

function gate(tick) {
  const link = document.getElementById(tick.dataset.enables);
  if (tick.checked) link.removeAttribute("aria-disabled");
  else link.setAttribute("aria-disabled", "true");
}

document.addEventListener("change", ({ target }) => target.matches("[data-enables]") && gate(target));
document.addEventListener("click", (event) => event.target.closest("a[aria-disabled=true]") && event.preventDefault());

// ---- lists that are filtered, groups that are ticked whole

function filter(box) {
  const list = document.getElementById(box.dataset.filter);
  const wanted = box.value.trim().toLowerCase();
  const items = [...list.querySelectorAll("[data-filter-item]")];
  for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  for (const group of list.querySelectorAll("[data-filter-group]"))
    group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
  const shown = items.filter((item) => !item.hidden).length;
  document.getElementById(`${box.id}-count`).textContent = wanted ? `${shown} of ${items.length} shown` : "";
}

document.addEventListener("input", ({ target }) => target.matches("[data-filter]") && filter(target));
document.addEventListener("keydown", (event) => {
  // Enter in a search box inside a form would send the form.
  if (event.key === "Enter" && event.target.matches("[data-filter]")) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-select-all]");
  if (!button) return;
  const boxes = [...button.closest("[data-filter-group]").querySelectorAll("[data-filter-item]:not([hidden]) input")];
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- a slash leads to the search box, unless somebody is typing or has switched that off (WCAG 2.1.4)

const SLASH = "postern.slash";

function slashLeads() {
  try {
    return localStorage.getItem(SLASH) !== "off";
  } catch {
    return true;
  }
}

function showSlash() {
  document.documentElement.classList.toggle("slash", slashLeads());
  for (const box of document.querySelectorAll("[data-slash-switch]")) box.checked = slashLeads();
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-slash-switch]")) return;
  try {
    localStorage.setItem(SLASH, target.checked ? "on" : "off");
  } catch {}
  showSlash();
});

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key !== "/" || ctrlKey || metaKey || altKey || target.isContentEditable) return;
  if (target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const box = document.getElementById("find");
  if (!box || !slashLeads()) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// What is typed into a filter stands in the address: of a key that is pasted there only the hint stays, before htmx reads it.
const KEY = /pst_[0-9A-Za-z]{5,}([0-9A-Za-z]{4})/g;

function keepHint({ target }) {
  if (target.matches("form[method=get] input") && target.value.search(KEY) >= 0) target.value = target.value.replace(KEY, "pst_…$1");
}

document.addEventListener("input", keepHint, true);

// ---- dialogs: the browser opens them; these lines are for browsers that do not know `command` yet

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (dialog) button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
  });
}

// ---- forms: one press, one post

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.ariaBusy === "true") event.preventDefault();
  else form.ariaBusy = "true";
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// ---- htmx: busy while it loads, and focus does not fall back to the top of the page

// What a page asks by itself while nobody does anything: not where nobody looks, and it fails silently, as it asks again.
const isNews = (ctx) => ctx?.sourceElement?.matches?.("[data-news]");

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (isNews(ctx)) document.hidden && event.preventDefault();
  else (ctx.busy = ctx.target)?.setAttribute("aria-busy", "true");
});
// Not the target of the end: a refusal is shown elsewhere, and what waited for an answer stays.
document.addEventListener("htmx:finally:request", ({ detail }) => detail.ctx.busy?.removeAttribute("aria-busy"));

document.addEventListener("htmx:before:swap", ({ detail }) => {
  const inside = ({ target }) => target instanceof Element && target.contains(document.activeElement);
  const swapped = detail.tasks.find(inside);
  detail.ctx.focusWasInside = swapped !== undefined;
  detail.ctx.swappedId = swapped?.target.id;
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  enhance();
  if (!detail.ctx.focusWasInside || document.activeElement !== document.body) return;
  const region = document.getElementById(detail.ctx.swappedId) ?? document.getElementById("main");
  const next = region.querySelector("[aria-invalid=true]") ?? region;
  if (next === region) region.tabIndex = -1;
  next.focus();
});

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx && !isNews(detail.ctx)) announce("Postern did not answer. Nothing was sent twice: check the connection and try again.");
});

// ---- emergency access: the time that is left runs, and is said aloud only now and then

const SAID_AT = [60, 120, 300];

function clockwise(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(rest).padStart(2, "0")}`;
}

function countDown(shown) {
  // Counted from when the page came: the viewer's clock may be wrong, but it runs.
  shown.dataset.until ??= Date.now() + shown.dataset.left * 1000;
  const left = Math.max(0, Math.ceil((shown.dataset.until - Date.now()) / 1000));
  const before = Number(shown.dataset.before ?? left);
  shown.dataset.before = left;
  shown.textContent = left ? `${clockwise(left)} left` : "ended";
  if (!left && before) document.body.dispatchEvent(new Event("postern:emergency-over"));
  const due = shown.dataset.of && SAID_AT.find((mark) => left <= mark && mark < before);
  if (due) announce(`Emergency access of ${shown.dataset.of} ends in ${due / 60} ${due === 60 ? "minute" : "minutes"}.`);
}

setInterval(() => document.querySelectorAll("[data-left]").forEach(countDown), 1000);

function enhance() {
  document.querySelectorAll("[data-enables]").forEach(gate);
  for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
    dialog.removeAttribute("data-modal");
    dialog.close();
    dialog.showModal();
  }
}

showSlash();
enhance();
