// Covers a page as soon as it is left, and asks for the PIN when somebody comes back after two minutes.
// Without this script the next page asks; what stands on the screen is then covered by the phone's own lock only.
const AWAY = 2 * 60 * 1000;
let left = 0;

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
  form.submit();
}
