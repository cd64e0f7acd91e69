// Covers a page as soon as it is left, and asks for the PIN when somebody comes back after two minutes.
// Without this script the next page asks; what stands on the screen is then covered by the phone's own lock only.
const AWAY = 2 * 60 * 1000;
const SAID = 30 * 1000; // whoever types is here, and the clinic's clock is told so this often
let left = 0;
let told = Date.now();

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    left ||= Date.now();
    document.body.classList.add("covered");
  } else if (left && Date.now() - left >= AWAY) {
    ask();
  } else {
    left = 0;
    document.body.classList.remove("covered");
  }
});
window.addEventListener("online", () => {
  if (left && document.visibilityState !== "hidden") ask();
});

for (const one of ["input", "keydown", "pointerdown"]) document.addEventListener(one, here, { passive: true });

function here() {
  if (left || document.visibilityState === "hidden" || Date.now() - told < SAID) return;
  told = Date.now();
  const lock = document.getElementById("lock");
  const said = new FormData(lock);
  said.set("_do", "here");
  fetch(lock.action, { method: "POST", body: new URLSearchParams(said) }).catch(() => {});
}

function ask() {
  // Without a line the words would be lost with the page that cannot be had: it stays covered until there is one.
  if (!navigator.onLine) return;
  const sheet = document.getElementById("sheet");
  const form = sheet || document.getElementById("lock");
  const pressed = document.createElement("input");
  pressed.type = "hidden";
  pressed.name = "_do";
  pressed.value = "lock";
  form.append(pressed);
  form.dispatchEvent(new Event("submit"));
  form.submit();
}
