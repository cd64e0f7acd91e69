// What a sheet laid out by hand does beyond its plain form: the next line of a talk with one key, chips that show what
// was typed under a line, and a turned sheet that the browser's own way back does not leave. All of it works without.

const asBlank = (item) => {
  for (const one of item.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (/^(radio|checkbox)$/.test(one.type)) { one.checked = false; one.removeAttribute("checked"); }
    else { one.value = ""; one.textContent = one.localName === "textarea" ? "" : one.textContent; one.removeAttribute("value"); }
  }
  for (const nested of item.querySelectorAll("ol.felt, ol.rows")) [...nested.children].slice(1).forEach((row) => row.remove());
  for (const open of item.querySelectorAll("details[open]")) open.removeAttribute("open");
  for (const shown of item.querySelectorAll("[data-shows]")) shown.textContent = "";
  item.querySelectorAll(".wrong").forEach((words) => words.remove());
  item.querySelector(".other-words")?.classList.remove("written");
};

const numbersOf = (form, group) =>
  [...form.querySelectorAll(`[name^="${group}."]`)].map((one) => Number(one.name.split(".")[1])).filter(Number.isFinite);

// A row is a copy of the last one under the next number; the numbers are marks that a row keeps.
function nextLine(form, list) {
  const before = list.lastElementChild;
  const old = before.querySelector("input[type=hidden]").name;
  const name = `${list.dataset.rows}.${Math.max(...numbersOf(form, list.dataset.rows)) + 1}`;
  const words = before.querySelector(".other-words input[type=hidden]")?.name.replace(/\.line$/, "");
  const fresh = `rewrite.${Math.max(0, ...numbersOf(form, "rewrite")) + 1}`;
  const id = (text) => text.replaceAll(".", "-");
  let html = before.outerHTML.replaceAll(`${old}.`, `${name}.`).replaceAll(`"${old}"`, `"${name}"`).replaceAll(`:${old}"`, `:${name}"`);
  html = html.replaceAll(`f-${id(old)}-`, `f-${id(name)}-`).replaceAll(`"f-${id(old)}"`, `"f-${id(name)}"`);
  if (words) html = html.replaceAll(`${words}.`, `${fresh}.`).replaceAll(`f-${id(words)}-`, `f-${id(fresh)}-`);
  const place = list.children.length;
  html = html.replaceAll(new RegExp(`([Ll]ine )${place}\\b`, "g"), `$1${place + 1}`);
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const line = holder.content.firstElementChild;
  asBlank(line);
  const points = line.querySelector(".other-words input[type=hidden]");
  if (points) points.value = name.split(".")[1];
  list.append(line);
  const spoke = before.querySelector(".speaks input:checked")?.value;
  const turn = { me: "other", other: "me" }[spoke];
  if (turn) line.querySelector(`.speaks input[value=${turn}]`).checked = true;
  placeholders(line);
  line.querySelector("textarea[data-next]").focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// A space is enough for the stylesheet to know an empty box from a filled one.
function placeholders(place) {
  for (const box of place.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")) box.placeholder ||= " ";
}

function shows(line) {
  const felt = [...line.querySelectorAll(".of-me ol.felt > li")]
    .map((row) => [...row.querySelectorAll("input")].map((one) => one.value.trim()).filter(Boolean).join(" ")).filter(Boolean).join(", ");
  const say = (what, words) => { const place = line.querySelector(`[data-shows=${what}]`); if (place) place.textContent = words; };
  say("felt", felt);
  say("wished", line.querySelector("[name$='.thought_wanted']")?.value.slice(0, 60) ?? "");
  say("guess", line.querySelector("[name$='.guess_other_felt.text']")?.value ?? "");
}

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !box.matches?.("textarea[data-next]")) return;
  event.preventDefault();
  const line = box.closest("li");
  const after = line.nextElementSibling?.querySelector("textarea[data-next]");
  if (after) after.focus();
  else if (box.value.trim()) nextLine(box.form, line.parentElement);
});
document.addEventListener("input", (event) => {
  const line = event.target.closest?.(".said-line");
  if (line) shows(line);
});
// Two people take turns: whoever is marked on a line is answered by the empty line below it, until somebody marks that one.
document.addEventListener("change", (event) => {
  const turn = event.target.closest?.(".speaks") && { me: "other", other: "me" }[event.target.value];
  const next = turn && event.target.closest(".said-line").nextElementSibling;
  if (!next || next.querySelector("textarea[data-next]").value.trim() || next.querySelector(".speaks input:checked")) return;
  next.querySelector(`.speaks input[value=${turn}]`).checked = true;
});
// The other person is called by their name as soon as it is known.
document.addEventListener("change", (event) => {
  const one = event.target;
  if (!/^with_person(\.other)?$/.test(one.name ?? "") || !one.closest(".conversation")) return;
  const name = one.type === "radio" ? one.labels[0]?.textContent.trim() : one.value.trim();
  if (!one.value || !name) return;
  for (const speaker of one.form.querySelectorAll(".speaks input[value=other]")) speaker.nextElementSibling.textContent = name;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-add]");
  const list = button && document.querySelector(`[data-rows="${button.dataset.add}"]`);
  if (!list?.lastElementChild || list.children.length >= 60) return;
  event.preventDefault();
  nextLine(button.form, list);
}, true);

// A part that is opened is the one that is worked on.
document.addEventListener("change", (event) => {
  const part = event.target.closest?.(".opens") && event.target.checked ? event.target.closest("li").querySelector("details") : null;
  if (part) part.open = true;
});

// What is opened beside a line is written in at once.
document.addEventListener("click", (event) => {
  const part = event.target.closest?.(".conversation summary")?.parentElement;
  if (part) setTimeout(() => { if (part.open) part.querySelector("textarea, input:not([type=hidden])")?.focus(); });
});

document.querySelectorAll(".conversation .keys-hint").forEach((hint) => { hint.hidden = false; });
document.querySelectorAll(".conversation").forEach(placeholders);
new MutationObserver(() => document.querySelectorAll(".conversation").forEach(placeholders))
  .observe(document.querySelector("article.filling") ?? document.body, { childList: true });

// Going back by the browser leaves a turned sheet where it is: the way back stands at its end, in two steps.
if (document.querySelector(".filling.turned")) {
  history.pushState(null, "");
  addEventListener("popstate", () => history.pushState(null, ""));
}
