// The circle by hand and by keys. Everything is read from and written to the list below it, which is what is sent: without
// this module the list alone does the same.
const SVG = "http://www.w3.org/2000/svg";
const STEP = 15; // degrees an arrow key goes around
const REACH = 22; // half of a finger's target
const NAME = 15;

const form = document.querySelector("form[data-circle]");
if (form) begin(form);

function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function begin(form) {
  const board = form.querySelector("[data-board]");
  const places = [...form.querySelectorAll("[data-person]")].map((row) => place(row));
  const radii = board.dataset.radii.split(" ").map(Number);
  const [side, x, y] = ["side", "x", "y"].map((name) => Number(board.dataset[name]));
  const words = [...places[0].row.querySelectorAll("[data-ring]")].slice(0, 4).map((one) => one.nextElementSibling.textContent.toLowerCase());
  const say = board.querySelector("[data-say]");
  const svg = node("svg", { viewBox: `0 0 ${side} ${y + Math.max(...radii) + 28}`, role: "group", "aria-label": "Circle with the people on it", "aria-describedby": "board-help" });
  for (const r of [...radii].reverse()) svg.append(node("circle", { class: "ring", cx: x, cy: y, r }));
  const ways = node("g", { "aria-hidden": "true" });
  svg.append(ways, node("circle", { class: "f-accent", cx: x, cy: y, r: 17 }), node("text", { class: "on", x, y: y + 5, "text-anchor": "middle" }, "me"));
  places.forEach((one) => { one.mark = mark(one); });
  board.querySelector("[data-drawing]").append(svg);
  board.hidden = false;
  form.querySelector("[data-list]").open = false;
  form.addEventListener("change", (event) => { if (event.target.closest("[data-person]")) { touched(); draw(); } });
  draw();

  function place(row) {
    const rings = [...row.querySelectorAll("[data-ring]")];
    const wish = row.querySelector("[data-wished]");
    const angle = row.querySelector("[data-angle]");
    return {
      row,
      name: row.dataset.name,
      state: row.dataset.state ?? "",
      get ring() { return Number(rings.find((one) => one.checked)?.value || 0); },
      set ring(value) { rings.forEach((one) => { one.checked = one.value === (value ? String(value) : ""); }); },
      get wished() { return Number(wish.value || 0); },
      set wished(value) { wish.value = value ? String(value) : ""; },
      get angle() { return Number(angle.value || 0); },
      set angle(value) { angle.value = String(Math.round((((value % 360) + 360) % 360) * 10) / 10); },
    };
  }

  function wishing() { return board.querySelector("[data-mode]:checked").value === "wished"; }
  function touched() { form.querySelector("[data-unsaved]").hidden = false; }

  function point(ring, angle) {
    const turn = (angle * Math.PI) / 180;
    return [x + radii[ring - 1] * Math.sin(turn), y - radii[ring - 1] * Math.cos(turn)];
  }

  function mark(one) {
    const text = node("text", { class: "t-name", "text-anchor": "middle" }, one.name);
    const made = node("g", { class: "somebody", tabindex: "0", role: "slider", "aria-valuemin": "1", "aria-valuemax": "4", "aria-label": one.state ? `${one.name}, ${one.state}` : one.name },
      node("circle", { class: "reach", r: REACH }), node("circle", { class: one.state ? "dot away" : "dot", r: 8 }), text);
    made.addEventListener("keydown", (event) => key(event, one));
    made.addEventListener("pointerdown", (event) => drag(event, one));
    svg.append(made);
    return made;
  }

  function draw() {
    ways.replaceChildren();
    for (const one of places) {
      one.mark.toggleAttribute("hidden", !one.ring);
      one.mark.style.display = one.ring ? "" : "none";
      if (!one.ring) continue;
      const [left, top] = point(one.ring, one.angle);
      one.mark.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
      one.mark.setAttribute("aria-valuenow", String(5 - one.ring));
      one.mark.setAttribute("aria-valuetext", told(one));
      label(one, left, top);
      if (one.wished && one.wished !== one.ring) {
        const [to, down] = point(one.wished, one.angle);
        ways.append(node("line", { class: "way", x1: left, y1: top, x2: to, y2: down }), node("circle", { class: "wish", cx: to, cy: down, r: 6 }));
      }
    }
    tray();
  }

  function label(one, left, top) {
    const text = one.mark.querySelector("text");
    const half = (one.name.length * NAME * 0.55) / 2;
    const inside = Math.max(half - left + 2, 0) - Math.max(left + half - side + 2, 0); // a name does not leave the board
    text.setAttribute("x", inside.toFixed(1));
    text.setAttribute("y", top > side - 40 ? "-15" : "24");
  }

  function tray() {
    const waiting = places.filter((one) => !one.ring);
    board.querySelector("[data-tray]").hidden = !waiting.length;
    board.querySelector("[data-waiting]").replaceChildren(...waiting.map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `Put ${one.name} on the circle` });
      button.addEventListener("click", () => { one.ring = 4; done(one); one.mark.focus(); });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }

  function told(one) {
    if (!one.ring) return "not on the circle";
    const wish = one.wished && one.wished !== one.ring ? `, wished ${words[one.wished - 1]}` : "";
    return `${words[one.ring - 1]}, ring ${one.ring} of 4${wish}`;
  }

  function done(one, quiet = false) {
    touched();
    draw();
    if (!quiet) say.textContent = `${one.name}: ${told(one)}.`;
  }

  // ---- keys ----

  function key(event, one) {
    const ring = wishing() ? one.wished || one.ring : one.ring;
    const moves = {
      ArrowUp: () => set(one, Math.max(ring - 1, 1)),
      ArrowDown: () => set(one, Math.min(ring + 1, 4)),
      ArrowLeft: () => { one.angle -= STEP; },
      ArrowRight: () => { one.angle += STEP; },
      Home: () => set(one, 1),
      End: () => set(one, 4),
      Delete: () => set(one, 0),
      Backspace: () => set(one, 0),
    };
    if (!moves[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moves[event.key]();
    done(one);
    if (!one.ring) board.querySelector("[data-waiting] button")?.focus();
  }

  function set(one, ring) {
    if (wishing()) one.wished = ring;
    else one.ring = ring;
  }

  // ---- hand ----

  function drag(event, one) {
    if (event.button) return;
    event.preventDefault();
    one.mark.focus({ preventScroll: true });
    one.mark.setPointerCapture(event.pointerId);
    one.mark.classList.add("held");
    let moved = false;
    const start = [event.clientX, event.clientY];
    const move = (now) => {
      moved ||= Math.hypot(now.clientX - start[0], now.clientY - start[1]) > 4; // a tap chooses, it moves nobody
      if (!moved) return;
      const at = new DOMPoint(now.clientX, now.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const far = Math.hypot(at.x - x, at.y - y);
      const nearest = radii.reduce((best, r, n) => (Math.abs(r - far) < Math.abs(radii[best] - far) ? n : best), 0) + 1;
      if (!wishing()) one.angle = (Math.atan2(at.x - x, y - at.y) * 180) / Math.PI;
      set(one, nearest);
      done(one, true);
    };
    const end = () => {
      one.mark.classList.remove("held");
      one.mark.removeEventListener("pointermove", move);
      if (moved) done(one);
    };
    one.mark.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) one.mark.addEventListener(name, end, { once: true });
  }
}
