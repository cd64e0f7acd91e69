// A card, a note, a decision, an ending keep themselves every two seconds; a note is copied with one tap. Without this module every form still works.
import { keptWithout } from "../ui/whole.js";

const EVERY = 2000;

function keep(form) {
  // The box that is written in may stand far above the end of the card: each says when it was kept.
  const lines = [...form.querySelectorAll("[data-kept], [data-kept-above]"), document.querySelector(`[data-kept-of="${form.id}"]`)].filter(Boolean);
  let timer = 0;
  let sending = false;
  let again = false;

  const say = (words) => { for (const line of lines) line.textContent = words; };

  async function send() {
    timer = 0;
    if (sending) { again = true; return; }
    sending = true;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), redirect: "manual" });
      const told = answer.ok ? await answer.json() : null;
      if (told && told.handed_in) say("This was handed in already. Open the page again to change it.");
      else if (told) say(`Kept ${told.kept}. Not yet in the record.${keptWithout(form)}`);
      else say("Not kept. What you typed is only on this page: sign in again in another tab, or save.");
    } catch {
      say("No connection. What you typed is only on this page; it is kept as soon as there is one.");
      again = true;
    }
    sending = false;
    if (again) { again = false; timer = timer || setTimeout(send, EVERY); }
  }

  // What belongs to the card may stand elsewhere on the page; a line to catch is no part of it.
  const changed = (event) => {
    if (event.target.form === form && !event.target.closest("[data-catch]")) timer = timer || setTimeout(send, EVERY);
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); timer = -1; });
  addEventListener("pagehide", () => {
    if (timer > 0) navigator.sendBeacon(form.dataset.keep, new FormData(form));
  });
}

function copies(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = "Copied";
    } catch {
      text.select();
    }
  });
}

// ---- one key opens a sheet: never while somebody types, and only while it is switched on ----

const SWITCH = "openipt-keys";
const typing = (place) => place.closest("input, textarea, select, [contenteditable], summary, button") !== null;

function byKeys(links) {
  const box = document.getElementById("keys-on");
  const shown = document.querySelectorAll(".sheet-keys kbd, [data-catch-key]");
  const set = () => shown.forEach((one) => { one.hidden = !box.checked; });
  box.closest("label").hidden = false;
  box.checked = localStorage.getItem(SWITCH) !== "off";
  set();
  box.addEventListener("change", () => { localStorage.setItem(SWITCH, box.checked ? "on" : "off"); set(); });
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (typing(event.target)) return;
    if (event.key === "n" && document.getElementById("catch-text")) {
      event.preventDefault();
      document.getElementById("catch-text").focus();
      return;
    }
    const link = [...links].find((one) => one.dataset.key === event.key);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}

// ---- a line is caught, and taken back, without a new page: what is being typed elsewhere stays as it is ----

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-catch] button[name=_then]");
  if (!button?.form) return;
  event.preventDefault();
  const place = button.closest("[data-catch]");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", button.form.elements.namedItem("csrfmiddlewaretoken").value);
  for (const one of place.querySelectorAll("[name]")) {
    if (one.localName !== "button" && (one.type !== "radio" || one.checked)) body.set(one.name, one.value);
  }
  body.set("_then", button.value);
  let page = null;
  try {
    const answer = await fetch(button.form.action, { method: "POST", body });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* told below */ }
  const fresh = page?.querySelector("[data-catch]");
  if (!fresh) {
    place.querySelector("[data-catch-lost]")?.remove();
    button.insertAdjacentHTML("afterend", ' <span class="small" role="alert" data-catch-lost>Not caught: no answer. Your words are still here.</span>');
    return;
  }
  place.replaceWith(fresh);
  const list = page.querySelector("[data-sheets]");
  if (list) document.querySelector("[data-sheets]")?.replaceWith(list);
  fresh.querySelector("[data-catch-key]").hidden = !document.getElementById("keys-on")?.checked;
  (fresh.querySelector(".toast button") ?? fresh.querySelector("#catch-text")).focus();
});

// One tap marks what was offered; each can be taken out again.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-tick]");
  if (!button) return;
  event.preventDefault();
  const step = button.form.elements.namedItem("_step_text")?.value.trim() ? button.dataset.tickWithStep : "";
  for (const task of [...button.dataset.tick.split(" "), step].filter(Boolean)) {
    const box = button.form.querySelector(`input[name=tasks][value="${CSS.escape(task)}"]`);
    if (box) box.checked = true;
  }
  button.form.elements.namedItem("_id").dispatchEvent(new Event("input", { bubbles: true }));
});

// A mood at the opening, a step that is written: its task is ticked with it, once; taken out, it stays out.
const FOLLOWS = { opener_first: "MID.01", mood: "MID.01", _step_text: "MID.07" };

document.addEventListener("input", ({ target }) => {
  const task = target.form?.id === "after-card" && target.value.trim() && FOLLOWS[target.name];
  const { _follow: able, _marked: shown } = task ? target.form.elements : {};
  if (!task || !able.value.split(" ").includes(task) || shown.value.split(" ").includes(task)) return;
  const box = target.form.querySelector(`input[name=tasks][value="${task}"]`);
  if (!box) return;
  box.checked = true;
  shown.value = `${shown.value} ${task}`.trim();
});

// What is typed at the opening question stands on the card, too.
document.addEventListener("input", (event) => {
  const place = event.target.form && document.querySelector(`[data-shows="${CSS.escape(event.target.name ?? "")}"]`);
  if (!place) return;
  const words = event.target.value.trim();
  place.textContent = words && `${place.dataset.before ?? ""}${words}${place.dataset.after ?? ""}`;
});

// Where a box was filled from is said only as long as it stands as it was filled.
document.addEventListener("input", ({ target }) => {
  for (const line of document.querySelectorAll(`[data-until="${CSS.escape(target.name ?? "")}"]`)) {
    line.hidden = target.value.trim() !== target.defaultValue.trim();
  }
});

// What was changed in a drafted note is seen before it is signed: the same sentences as the server would name.
const sentences = (text) => text.split(/(?<=[.!?])\s+|\n+/).map((one) => one.trim().replace(/\s+/g, " ")).filter(Boolean);

function onlyIn(these, others) {
  const left = [...others];
  return these.filter((one) => {
    const place = left.indexOf(one);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

function showsChanges(place) {
  const form = place.closest("form");
  const text = form.elements.namedItem("text");
  const draft = sentences(form.querySelector("[data-draft]").content.textContent);
  const line = (words, name, tag) => {
    const item = document.createElement("li");
    const what = item.appendChild(document.createElement("b"));
    what.textContent = name;
    item.append(" ");
    item.appendChild(document.createElement(tag)).textContent = words;
    return item;
  };
  text.addEventListener("input", () => {
    const now = sentences(text.value);
    const lines = [
      ...onlyIn(draft, now).map((one) => line(one, "Taken out", "del")),
      ...onlyIn(now, draft).map((one) => line(one, "Written in", "ins")),
    ];
    place.querySelector("ul").replaceChildren(...lines);
    place.hidden = lines.length === 0;
    form.querySelector("[data-when-changed]")?.toggleAttribute("hidden", lines.length === 0);
  });
}

// A day that was tapped and a day that was typed never stand together: the newer one holds.
function oneDay(event) {
  const place = event.target.closest?.(".catch-when");
  if (!place) return;
  if (event.target.type === "radio") {
    if (event.target.value) for (const one of place.querySelectorAll("input:not([type=radio])")) one.value = "";
  } else if (event.target.value) {
    for (const one of place.querySelectorAll("input")) {
      if (one.type === "radio") one.checked = one.value === "";
      else if (one !== event.target) one.value = "";
    }
  }
}
document.addEventListener("input", oneDay);

// What was opened to read stays open for this draft, until the tab is closed: nothing of it stays on the device.
function remembers(place) {
  const name = `openipt-${place.dataset.remembered}`;
  place.open = sessionStorage.getItem(name) === "open";
  place.addEventListener("toggle", () => {
    if (place.open) sessionStorage.setItem(name, "open");
    else sessionStorage.removeItem(name);
  });
}

const links = document.querySelectorAll("a[data-key]");
document.querySelectorAll("details[data-remembered]").forEach(remembers);
if (links.length) byKeys(links);
document.querySelectorAll("form[data-keep]").forEach(keep);
document.querySelectorAll("[data-changed]").forEach(showsChanges);
document.querySelectorAll("button[data-copy]").forEach(copies);
