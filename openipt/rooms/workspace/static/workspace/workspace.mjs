// The card keeps itself every two seconds; a note is copied with one tap. Without this module every form still works.
const EVERY = 2000;

function keep(form) {
  const line = form.querySelector("[data-kept]");
  let timer = 0;
  let sending = false;
  let again = false;

  const say = (words) => { if (line) line.textContent = words; };

  async function send() {
    timer = 0;
    if (sending) { again = true; return; }
    sending = true;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), redirect: "manual" });
      const told = answer.ok ? await answer.json() : null;
      if (told && told.handed_in) say("This card was handed in already. Open the session again to change it.");
      else if (told) say(`Kept ${told.kept}. Not yet in the record.`);
      else say("Not kept. What you typed is only on this page: sign in again in another tab, or save.");
    } catch {
      say("No connection. What you typed is only on this page; it is kept as soon as there is one.");
      again = true;
    }
    sending = false;
    if (again) { again = false; timer = timer || setTimeout(send, EVERY); }
  }

  const changed = () => { timer = timer || setTimeout(send, EVERY); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
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

document.querySelectorAll("form[data-keep]").forEach(keep);
document.querySelectorAll("button[data-copy]").forEach(copies);
