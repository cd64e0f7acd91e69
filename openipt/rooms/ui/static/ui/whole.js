// A day or a time that is typed by half is nothing to a form: the browser sends it as blank, and nobody would know. Such a
// form stays here, with a sentence beside the field, until the day is whole or empty. Without a script none of it is known.

const WORDS = {
  date: "This day is not whole yet: write day, month and year, or empty the field.",
  time: "This time is not whole yet: write hour and minutes, or empty the field.",
};
const OTHER = "What stands here is not whole yet: finish it, or empty the field.";

/** The fields of a form in which something stands that would be sent as blank. */
export const byHalf = (form) => [...form.elements].filter((one) => one.validity?.badInput && !one.disabled);

/** What a line about a draft adds while such a field is there. */
export const keptWithout = (form) => (byHalf(form).length ? " What is not whole yet is not kept: finish it here." : "");

const placeOf = (field) => document.getElementById(`${field.id || field.name}-whole`);

function told(field) {
  const words = placeOf(field) ?? document.createElement("p");
  words.id = `${field.id || field.name}-whole`;
  words.className = "wrong";
  words.textContent = WORDS[field.type] ?? OTHER;
  if (!words.isConnected) {
    field.after(words);
    field.dataset.described = field.getAttribute("aria-describedby") ?? "";
    field.setAttribute("aria-describedby", `${field.dataset.described} ${words.id}`.trim());
  }
  field.setAttribute("aria-invalid", "true");
}

function taken(field) {
  const words = placeOf(field);
  if (!words || field.validity.badInput) return;
  words.remove();
  field.removeAttribute("aria-invalid");
  if (field.dataset.described) field.setAttribute("aria-describedby", field.dataset.described);
  else field.removeAttribute("aria-describedby");
}

function shown(field) {
  for (let place = field.parentElement; place; place = place.parentElement) {
    if (place.localName === "details") place.open = true;
    if (place.dataset.when) place.hidden = false;
  }
  field.focus();
}

// Before every other listener: what they would do with the form, they would do without that day.
addEventListener("submit", (event) => {
  const away = event.submitter?.formNoValidate || event.submitter?.hasAttribute("formaction"); // it hands nothing in
  const found = away ? [] : byHalf(event.target);
  if (!found.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  found.forEach(told);
  shown(found[0]);
}, true);

for (const kind of ["input", "change", "focusout", "keyup"]) {
  addEventListener(kind, (event) => { if (event.target.validity) taken(event.target); });
}
