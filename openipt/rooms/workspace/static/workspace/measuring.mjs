// The total while a questionnaire is typed: shown once every answer it is made of is there, never before.

const form = document.querySelector("form[data-adds-up]");

function total(points) {
  let sum = 0;
  for (const [item, worth] of Object.entries(points)) {
    const marked = form.querySelector(`input[name="${CSS.escape(item)}"]:checked`);
    if (!marked || !(marked.value in worth)) return null;
    sum += worth[marked.value];
  }
  return sum;
}

if (form) {
  const points = JSON.parse(form.dataset.addsUp);
  const place = form.querySelector("[data-total]");
  const tell = () => {
    const sum = total(points);
    place.hidden = sum === null;
    place.textContent = sum === null ? "" : `Total ${sum}`;
  };
  form.addEventListener("input", tell);
  tell();
}

// Enter among the answers goes to the button that saves: the last questions of a sheet are often left blank on paper.
document.querySelector(".paper form")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.type !== "radio") return;
  event.preventDefault();
  document.getElementById("save").focus();
});
