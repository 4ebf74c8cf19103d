"use strict";
// Shows the moments of an event loop from data (see script.go) in place of the table
// beside this script. It decides nothing about what happened: all words come with the data.

const script = document.currentScript;
const root = script && script.parentElement;
const base = root && root.querySelector(".interleave-base");
if (!base || !data.moments.length) return;

const LINE = "var(--jp-ui-font-color2,#616161)", TEXT = "var(--jp-ui-font-color0,#000)";
const PAGE = "var(--jp-layout-color0,#fff)", ACCENT = "var(--jp-brand-color1,#1565c0)", PANEL = "var(--jp-layout-color2,#eee)";
const id = "il" + Math.random().toString(36).slice(2, 8);
const TURN = 0, STEP = 1, SLEEP = 2, BLOCKED = 3;
const FILLS = { [TURN]: "#ffffff", [STEP]: "#2b6828", [SLEEP]: "#eaf4f7", [BLOCKED]: "#ea745d" };

function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else e.setAttribute(k, v);
  }
  e.append(...children);
  return e;
}

function svg(name, attributes) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const k in attributes) e.setAttribute(k, attributes[k]);
  return e;
}

function three(x) { return String(+(x >= 99.95 ? x.toFixed(0) : x >= 9.995 ? x.toFixed(1) : x.toFixed(2))); }
function duration(ns) {
  if (ns < 1000) return Math.round(ns) + " ns";
  if (ns < 999500) return three(ns / 1e3) + " µs";
  if (ns < 999500000) return three(ns / 1e6) + " ms";
  return three(ns / 1e9) + " s";
}

const texts = numbers => numbers.map(n => data.words[n]);
const list = data.moments.map(m => ({
  ...m, runs: data.words[m.runs], say: data.words[m.say], deeds: texts(m.deeds),
  rest: texts(m.rest), next: texts(m.next), timers: texts(m.timers), waits: texts(m.waits),
}));
const state = { at: 0, timer: 0 };
const quiet = { "data-lm-suppress-shortcuts": "true" };
const button = (name, text, title, action) => el("button", { type: "button", title, "aria-label": title, "data-do": name, onclick: action, ...quiet }, text);

const style = el("style", {}, `
.${id}{position:relative;outline-offset:2px}
.${id} button,.${id} select{font:inherit;font-size:12px;margin:0 4px 4px 0;padding:1px 7px;color:${TEXT};background:${PANEL};border:1px solid ${LINE};border-radius:3px}
.${id} :focus-visible,.${id}:focus-visible{outline:2px solid ${ACCENT}}
.${id} svg{display:block;cursor:pointer}
.${id} .stage{display:grid;grid-template-columns:1fr 1.2fr 1fr;gap:8px;margin:6px 0}
.${id} .box{border:1px solid ${LINE};border-radius:4px;padding:2px 8px 6px;min-height:5.4em;min-width:0}
.${id} .box.here{box-shadow:inset 0 0 0 2px ${ACCENT}}
.${id} .box h4{margin:2px 0 4px;font-size:12px;font-weight:600;color:${TEXT}}
.${id} .item{display:block;margin:2px 0;padding:1px 6px;border:1px solid ${LINE};border-radius:3px;overflow-wrap:anywhere;font-size:12px}
.${id} .item.new{outline:2px solid ${ACCENT};outline-offset:-1px}
.${id} .none{opacity:.65;font-size:12px}
.${id} .runs{font-weight:bold;font-size:13px;padding:3px 8px;border:2px solid ${LINE};background:${FILLS[STEP]};color:#fff}
.${id} .runs.blocked{background:${FILLS[BLOCKED]};color:#000;border:4px double #000}
.${id} .runs.sleep{background:${FILLS[SLEEP]};color:#000}
.${id} .runs.turn{background:#fff;color:#000;border-style:dashed}
.${id} .say{min-height:2.9em;padding:2px 0}
.${id} ul{margin:2px 0 0;padding-left:18px}
.${id} .box pre.code{margin:0;word-break:normal;font-family:var(--jp-code-font-family,monospace);tab-size:4;height:200px;white-space:pre;overflow:auto;background:none;color:${TEXT};font-size:12px;line-height:1.35}
.${id} .box pre.code .lit{background:${PANEL};font-weight:bold;box-shadow:inset 4px 0 ${ACCENT};display:block}
.${id} .warn{margin:2px 0}
.${id} .warn b{background:${FILLS[BLOCKED]};color:#000;border:3px double #000;padding:0 6px}
.${id} .small{font-size:12px}
@media (max-width:700px){.${id} .stage{grid-template-columns:1fr}}`);

const speed = el("select", { title: "Moments a second while it plays", "aria-label": "Moments a second while it plays", ...quiet });
for (const [v, t] of [[1, "1 a second"], [2, "2 a second"], [5, "5 a second"]]) speed.append(el("option", { value: v }, t));
speed.value = "2";
speed.addEventListener("change", () => { if (state.timer) { play(); play(); } });
const playing = button("play", "▶ play", "Play (space)", play);
const where = el("span", { "data-part": "where" });
const blocks = list.map((m, i) => [m, i]).filter(([m]) => m.kind === BLOCKED).map(([, i]) => i);
const bar = el("div", { role: "toolbar", "aria-label": "Event loop" },
  button("first", "|◀", "To the beginning (Home)", () => go(0)),
  button("back", "◀ step", "Step back (←)", () => go(state.at - 1)),
  button("forth", "step ▶", "Step forward (→)", () => go(state.at + 1)),
  button("last", "▶|", "To the end (End)", () => go(list.length - 1)),
  button("turnback", "« turn", "Turn before (p)", () => turn(-1)),
  button("turnforth", "turn »", "Next turn (n)", () => turn(1)),
  playing, speed);
if (blocks.length) bar.append(button("blocked", "⚠ next blocked", "To the next step that blocks the loop (b)", blocked));
bar.append(button("table", "table", "Show the table of turns in place of the steps", () => { base.hidden = !base.hidden; }), " ", where);

const strip = svg("svg", { height: 22, role: "img", "aria-label": "The moments one after another, each equally wide: turns, steps, sleep, blocked steps" });
strip.addEventListener("click", e => {
  const n = Math.floor((e.clientX - strip.getBoundingClientRect().left) / strip.clientWidth * list.length);
  go(n);
});
const say = el("div", { class: "say", "aria-live": "polite", "data-part": "say" });
const boxes = {};
function box(name, heading, title) {
  const body = el("div", {});
  boxes[name] = el("div", { class: "box", title, "data-part": name }, el("h4", {}, heading), body);
  boxes[name].body = body;
  return boxes[name];
}
const stage = el("div", { class: "stage" },
  box("rest", "Ready, in this turn", "What the turn still has to run, the first on top"),
  box("runs", "Runs now", "One at a time, until it awaits or ends"),
  box("next", "Ready, for the next turn", "What became ready since the turn began; what came from outside and timers that are due go behind"),
  box("timers", "Timers, the next one first", "The heap of call_later: what is due, and when"),
  box("source", "Where", "The line of the last thing that the step did"),
  box("waits", "Waiting", "Tasks that gave way: each goes on when what it awaits is done"));
const source = el("pre", { class: "code", tabindex: "-1" });
boxes.source.body.append(source);
const warnings = el("div", {});
for (const w of data.blocked) warnings.append(el("div", { class: "warn" }, el("b", {}, "⚠ blocked"), " " + w));
const notes = el("div", { class: "small" });
if (data.left) notes.append(el("div", {}, `Only the first ${list.length} moments can be stepped through; ${data.left} more are left out here.`));
for (const n of data.notes) notes.append(el("div", {}, n));
const all = el("div", { class: id, tabindex: "0", role: "group", "aria-label": data.title + ": arrow keys step", "data-part": "loop", ...quiet },
  style, el("div", {}, el("b", {}, data.title), " " + data.amount), warnings, bar, strip,
  el("div", { class: "small" }, "White and tall: a turn begins. Green: a step. Rings: asleep in select. Hatched: a step that blocks the loop. Each is equally wide, however long it took."), say, stage, notes);
all.addEventListener("keydown", key);

function fill(name, items, before, empty) {
  const body = boxes[name].body;
  body.replaceChildren();
  const left = new Map();
  for (const s of before) left.set(s, (left.get(s) || 0) + 1);
  for (const s of items) {
    const old = left.get(s) || 0;
    if (old) left.set(s, old - 1);
    body.append(el("span", { class: "item" + (old ? "" : " new") }, s));
  }
  if (!items.length) body.append(el("span", { class: "none" }, empty));
}

function drawStrip() {
  const w = Math.max(all.clientWidth || 800, 300), each = w / list.length;
  strip.setAttribute("width", w);
  strip.replaceChildren();
  const defs = svg("defs", {});
  const hatch = svg("pattern", { id: id + "h", width: 8, height: 8, patternUnits: "userSpaceOnUse" });
  hatch.append(svg("rect", { width: 8, height: 8, fill: FILLS[BLOCKED] }), svg("path", { d: "M-2 2L2-2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6-2L10 2", stroke: "#000", opacity: 0.6 }));
  const rings = svg("pattern", { id: id + "r", width: 8, height: 8, patternUnits: "userSpaceOnUse" });
  rings.append(svg("rect", { width: 8, height: 8, fill: FILLS[SLEEP] }), svg("circle", { cx: 4, cy: 4, r: 2, stroke: "#000", fill: "none", opacity: 0.6 }));
  defs.append(hatch, rings);
  strip.append(defs);
  list.forEach((m, i) => {
    const fill = m.kind === BLOCKED ? `url(#${id}h)` : m.kind === SLEEP ? `url(#${id}r)` : FILLS[m.kind];
    const r = svg("rect", { x: i * each, y: m.kind === TURN ? 2 : 4, width: Math.max(each - (each > 4 ? 1 : 0), 0.5), height: m.kind === TURN ? 18 : 14, fill, stroke: LINE, "stroke-width": 0.5 });
    const t = svg("title", {});
    t.textContent = duration(m.at) + ": " + m.say;
    r.append(t);
    strip.append(r);
  });
  const m = svg("rect", { x: state.at * each - 1, y: 1, width: Math.max(each, 3) + 1, height: 20, fill: "none", stroke: ACCENT, "stroke-width": 2.5 });
  strip.append(m);
}

function draw() {
  const m = list[state.at], b = state.at > 0 ? list[state.at - 1] : { rest: [], next: [], timers: [], waits: [] };
  where.textContent = `moment ${state.at + 1} of ${list.length}, turn ${m.turn}, at ${duration(m.at)}`;
  say.textContent = m.say;
  fill("rest", m.rest, b.rest, "nothing");
  fill("next", m.next, b.next, "nothing yet");
  fill("timers", m.timers, b.timers, "none is set");
  fill("waits", m.waits, b.waits, "nobody");
  const body = boxes.runs.body, cls = { [TURN]: "turn", [STEP]: "", [SLEEP]: "sleep", [BLOCKED]: "blocked" }[m.kind];
  const text = { [TURN]: `↻ turn ${m.turn} begins`, [STEP]: m.runs, [SLEEP]: "☾ asleep in select", [BLOCKED]: "⚠ " + m.runs }[m.kind];
  body.replaceChildren(el("div", { class: "runs " + cls }, text + (m.kind === TURN ? "" : ", " + duration(m.took))));
  if (m.deeds.length) {
    const ul = el("ul", { class: "small" });
    for (const d of m.deeds) ul.append(el("li", {}, d));
    body.append(ul);
  }
  boxes.runs.classList.toggle("here", m.kind === STEP || m.kind === BLOCKED);
  boxes.rest.classList.toggle("here", m.kind === TURN);
  boxes.timers.classList.toggle("here", m.kind === SLEEP);
  showSource(m);
  drawStrip();
}

// What has no line of its own is shown with the text of the step before, or else after.
function showSource(m) {
  const of = m.file ? m : list.slice(0, state.at).findLast(o => o.file) || list.find(o => o.file) || m;
  const lines = data.files[of.file];
  source.replaceChildren();
  if (!lines) { source.textContent = m.file ? `${m.file}, line ${m.line}` : ""; return; }
  lines.forEach((l, i) => {
    const n = String(i + 1).padStart(3) + "  " + l;
    source.append(el("span", i + 1 === m.line ? { class: "lit" } : {}, i + 1 === m.line ? n : n + "\n"));
  });
  const lit = source.querySelector(".lit");
  if (lit) source.scrollTop = Math.max(0, lit.offsetTop - source.offsetTop - 60);
}

function go(n) {
  state.at = Math.min(Math.max(n, 0), list.length - 1);
  draw();
}

function turn(way) {
  let n = state.at + way;
  while (n > 0 && n < list.length - 1 && list[n].kind !== TURN) n += way;
  go(n);
}

function blocked() { go(blocks.find(i => i > state.at) ?? blocks[0]); }

function play() {
  if (state.timer) {
    clearInterval(state.timer);
    state.timer = 0;
  } else {
    if (state.at === list.length - 1) go(0);
    state.timer = setInterval(() => {
      if (!root.isConnected || state.at === list.length - 1) return play();
      go(state.at + 1);
    }, 1000 / +speed.value);
  }
  playing.textContent = state.timer ? "❚❚ pause" : "▶ play";
}

function key(e) {
  if (e.altKey || e.ctrlKey || e.metaKey || e.target.tagName === "SELECT") { e.stopPropagation(); return; }
  const actions = { ArrowLeft: () => go(state.at - 1), ArrowRight: () => go(state.at + 1), Home: () => go(0), End: () => go(list.length - 1), n: () => turn(1), p: () => turn(-1) };
  if (blocks.length) actions.b = blocked;
  if (e.target.tagName !== "BUTTON") actions[" "] = play;
  const action = actions[e.key];
  if (!action) return;
  e.preventDefault();
  e.stopPropagation();
  action();
}

base.hidden = true;
root.insertBefore(all, base);
go(0);
let width = all.clientWidth;
new ResizeObserver(() => { if (all.clientWidth !== width) { width = all.clientWidth; drawStrip(); } }).observe(all);
