// Keeps what is being written two seconds after the last letter, and on every way out of the page.
// It sends what "Leave now" sends. Without this script only that button keeps it.
const REST = 2000;
const sheet = document.querySelector("form[data-keeps]");
let timer = 0;
let fresh = false; // something was typed since it was kept last
let sent = false; // a button was pressed: what becomes of the words is its affair

sheet.addEventListener("input", () => {
  fresh = true;
  clearTimeout(timer);
  timer = setTimeout(keep, REST);
});
sheet.addEventListener("submit", () => {
  sent = true;
  clearTimeout(timer);
});
window.addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
});

async function keep() {
  clearTimeout(timer);
  if (!fresh || sent) return;
  fresh = false;
  const said = new FormData(sheet);
  said.set("_do", "keep");
  try {
    const how = { method: "POST", body: new URLSearchParams(said), keepalive: true, redirect: "manual" };
    const answer = await fetch(sheet.getAttribute("action") ?? location.pathname, how);
    fresh ||= answer.status !== 204;
  } catch {
    fresh = true;
  }
}
