// What a sheet does beyond plain HTML: answers by single keys, questions that appear when they apply, rows without a new
// page, and what is typed kept every two seconds. Without this module every sheet can be filled in all the same.

import { keptWithout } from "../ui/whole.js";

const PAUSE = 2000; // milliseconds between two drafts
const OLD = 20 * 60 * 1000; // a page this old asks whether its sign-in still stands before it is handed in
const opened = Date.now();

const controls = (place) => [...place.querySelectorAll("input:not([type=hidden]), select, textarea")];
const says = (one) => (/^(radio|checkbox)$/.test(one.type) ? (one.checked ? one.value : "") : one.value.trim());
const holds = (place) => controls(place).some((one) => says(one) !== "" || one.validity?.badInput);

// ---- when a question applies ----

function answer(form, name, kind) {
  const own = form.elements.namedItem(`${name}.other`)?.value.trim() ?? "";
  const here = controls(form).filter((one) => one.name === name).map(says).filter(Boolean);
  if (kind === "choices" || kind === "people") {
    const all = [...here, ...own.split("\n").filter(Boolean)];
    return all.length ? all : null;
  }
  if (["group", "feelings", "date", "moment"].includes(kind)) {
    return controls(form).some((one) => one.name.startsWith(`${name}.`) && says(one)) || here.length ? true : null;
  }
  const said = own || here[0];
  if (said === undefined || said === "") return null;
  return kind === "yes_no" ? said === "yes" : said;
}

const same = (a, b) => String(a) === String(b);
const COMPARE = {
  "=": same,
  "!=": (a, b) => !same(a, b),
  "<": (a, b) => Number(a) < Number(b),
  "<=": (a, b) => Number(a) <= Number(b),
  ">": (a, b) => Number(a) > Number(b),
  ">=": (a, b) => Number(a) >= Number(b),
  has: (a, b) => a.some((one) => same(one, b)),
  in: (a, b) => b.some((one) => same(one, a)),
};

// Three-valued, as on the server: null is "not known yet".
function holdsNow(form, [sign, ...parts]) {
  if (sign === "is") return parts[0];
  if (sign === "field") return answer(form, ...parts);
  const known = parts.map((part) => holdsNow(form, part));
  if (sign === "missing") return known[0] === null;
  if (sign === "answered") return known[0] !== null;
  if (sign === "not") return known[0] === null ? null : !known[0];
  if (sign === "and") return known.includes(false) ? false : known.includes(null) ? null : true;
  if (sign === "or") return known.includes(true) ? true : known.includes(null) ? null : false;
  return known.includes(null) ? null : COMPARE[sign](...known);
}

function apply(form) {
  for (const place of form.querySelectorAll("[data-when]")) {
    // What holds an answer is never hidden: nothing that was typed may vanish.
    place.hidden = holdsNow(form, JSON.parse(place.dataset.when)) !== true && !holds(place);
  }
  for (const more of form.querySelectorAll("details.more")) {
    more.hidden = [...more.children].every((one) => one.hidden || one.matches("summary"));
  }
}

// ---- one key for each answer ----

function byKeys(form) {
  const digits = (row) => [...row.querySelectorAll("input[type=radio]")].filter((one) => one.value !== "");
  const rows = [...form.querySelectorAll("fieldset")].filter(
    (row) => digits(row).length > 1 && !row.querySelector("fieldset") && digits(row).every((one) => /^[0-9]$/.test(one.value)),
  );
  if (!form.matches("[data-keys]") || !rows.length) return () => {};
  for (const hint of document.querySelectorAll(".keys-hint")) hint.hidden = false;
  const go = (n) => {
    const row = rows[n];
    const next = row ? digits(row).find((one) => one.checked) ?? digits(row)[0] : document.getElementById("save");
    next.focus();
    next.closest("fieldset, .doing").scrollIntoView({ block: "nearest" });
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const loose = event.target === document.body || event.target.id === "main";
    const row = loose ? rows.find((one) => !holds(one)) : event.target.closest("fieldset");
    const place = rows.indexOf(row);
    if (place < 0 || (!loose && event.target.type !== "radio")) return;
    const chosen = digits(row).find((one) => one.value === event.key);
    if (chosen) {
      event.preventDefault();
      chosen.checked = true;
      chosen.dispatchEvent(new Event("input", { bubbles: true }));
      go(place + 1);
    } else if (event.key === "Backspace") {
      event.preventDefault();
      go(Math.max(place - 1, 0));
    }
  };
}

// ---- keeping what is typed ----

const line = (form, text) => {
  form.querySelector("[data-kept]").textContent = text;
};
const fields = (form) => new URLSearchParams([...new FormData(form)].filter(([, text]) => typeof text === "string"));
const DEVICE = `sheet ${location.pathname}${location.search}`; // the same, turned to the client or not: it stays at one address

function keepHere(form) {
  const pairs = [...fields(form)].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken");
  sessionStorage.setItem(DEVICE, JSON.stringify(pairs));
  line(form, `Kept on this device. Not yet in the record.${keptWithout(form)}`);
}

function bringBack(form) {
  const kept = JSON.parse(sessionStorage.getItem(DEVICE) ?? "[]");
  if (!kept.length || holds(form)) return;
  for (const [name, text] of kept) {
    for (const one of controls(form).filter((control) => control.name === name)) {
      if (/^(radio|checkbox)$/.test(one.type)) one.checked ||= one.value === text && text !== "";
      else one.value = text;
    }
  }
  line(form, "Not yet in the record. What was typed here before is back.");
}

async function keepThere(form) {
  const answered = await fetch(form.dataset.keep + location.search, { method: "POST", body: fields(form), redirect: "manual" });
  if (answered.type === "opaqueredirect") {
    return line(form, "You are signed out. Your text is still on this page. Sign in again in another tab, then go on here.");
  }
  const told = await answered.json().catch(() => null);
  if (told?.say) return line(form, told.say);
  if (told?.handed_in) return line(form, "This sheet is in the record already.");
  if (told?.kept) return line(form, `Kept ${told.kept}. Not yet in the record.${keptWithout(form)}`);
  return (await renew(form)) ? line(form, "Not kept yet.") : line(form, "Not kept. Your text is still on this page.");
}

// After signing in again a page needs new marks; whether there is somebody signed in is known from the same answer.
async function renew(form) {
  const page = await fetch(location.href, { redirect: "manual" });
  if (!page.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const name of ["csrfmiddlewaretoken", "_for"]) {
    const mark = fresh.querySelector(`form[data-fill] [name=${name}]`);
    if (mark) form.elements.namedItem(name).value = mark.value;
  }
  return true;
}

function keeper(form) {
  let waits = null;
  const keep = async () => {
    waits = null;
    try {
      if (form.dataset.keep === "device") keepHere(form);
      else await keepThere(form);
    } catch {
      line(form, "Not kept: no connection. Your text is still on this page.");
      waits ??= setTimeout(keep, 5 * PAUSE);
    }
  };
  return {
    changed: () => {
      waits ??= setTimeout(keep, PAUSE);
    },
    stop: () => clearTimeout(waits),
  };
}

// ---- rows without a new page ----

async function changeRows(form, button) {
  const body = fields(form);
  body.append(button.name, button.value);
  const answered = await fetch(location.href, { method: "POST", body, redirect: "manual" });
  if (!answered.ok) return false;
  const page = new DOMParser().parseFromString(await answered.text(), "text/html");
  const made = page.querySelector("form[data-fill]");
  if (!made) return false;
  form.replaceWith(made);
  start(made).changed();
  const group = button.value.replace(/^\w+:/, "").replace(/\.\d+$/, "");
  (made.querySelector("[autofocus]") ?? document.getElementById(`f-${group.replaceAll(".", "-")}`) ?? made).focus();
  return true;
}

function start(form) {
  const kept = keeper(form);
  const keys = byKeys(form);
  let sure = false; // this submit was looked at and goes its way
  document.documentElement.classList.add("moves");
  if (form.dataset.keep === "device") bringBack(form);
  apply(form);
  form.addEventListener("input", () => {
    apply(form);
    kept.changed();
  });
  document.addEventListener("keydown", (event) => {
    if (!form.isConnected) return;
    // Enter in a line belongs to the line: a sheet is handed in by its button.
    if (event.key === "Enter" && event.target.form === form && event.target.matches("input")) event.preventDefault();
    keys(event);
  });
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const rows = /^(add|remove|undo)/.test(button?.value ?? "");
    if (sure || (!rows && Date.now() - opened < OLD)) {
      kept.stop();
      if (!rows) sessionStorage.removeItem(DEVICE);
      return;
    }
    event.preventDefault();
    kept.stop();
    const done = rows && (await changeRows(form, button).catch(() => false));
    if (done) return;
    if (!rows) await renew(form).catch(() => false);
    sure = true;
    form.requestSubmit(button);
  });
  return kept;
}

const form = document.querySelector("form[data-fill]");
if (form) start(form);
