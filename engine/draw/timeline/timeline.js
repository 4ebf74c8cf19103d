"use strict";
// Draws a timeline from data (see data.go) in place of the table beside this script.
// It decides nothing about what happened: all words and states come with the data.

const script = document.currentScript;
const root = script && script.parentElement;
const base = root && root.querySelector(".interleave-base");
if (!base) return;

const NS = "http://www.w3.org/2000/svg";
const LANE = 24, BAR = 18, NAME = 150, AXIS = 22, STEP = 1000;
const LINE = "var(--jp-ui-font-color2,#616161)", TEXT = "var(--jp-ui-font-color0,#000)";
const PAGE = "var(--jp-layout-color0,#fff)", ACCENT = "var(--jp-brand-color1,#1565c0)";
const PANEL = "var(--jp-layout-color2,#eee)";
const id = "il" + Math.random().toString(36).slice(2, 8);

let whole = null; // the data of all that this output draws
let shows = null; // the element that is in place of the base
unpack(data).then(d => start(whole = d), () => {});

// unpack gives data that came as an object, or as the text of a deflated one.
async function unpack(d) {
  if (typeof d !== "string") return d;
  const bytes = Uint8Array.from(atob(d), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
}

// The kernel. The pages of a Jupyter server know the server; of its kernels for Go, the
// one that still has the run answers. A run's name tells its content, so whichever
// answers gives the same.
const IDLE = 60000, PATIENCE = 30000;
let line = null; // the open comm: {socket, id, take, drop}

function envelope(type, content) {
  const random = () => Math.random().toString(36).slice(2) + Date.now().toString(36);
  return JSON.stringify({
    channel: "shell", buffers: [], metadata: {}, parent_header: {}, content,
    header: { msg_id: random(), msg_type: type, session: id, username: "", version: "5.4", date: new Date().toISOString() },
  });
}

// call opens a comm with a kernel, and gives the first answer.
function call(address, question) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address), comm = id + Math.random().toString(36).slice(2);
    const l = { socket, id: comm, timer: 0 };
    l.hangUp = () => { clearTimeout(l.timer); if (line === l) line = null; socket.close(); if (l.drop) l.drop(new Error("the kernel did not answer")); };
    l.wait = ms => { clearTimeout(l.timer); l.timer = setTimeout(l.hangUp, ms); };
    l.take = part => { line = l; resolve(part); };
    l.drop = reject;
    l.wait(PATIENCE);
    socket.onopen = () => socket.send(envelope("comm_open", { comm_id: comm, target_name: "interleave.timeline", data: question }));
    socket.onclose = l.hangUp;
    socket.onmessage = m => {
      if (typeof m.data !== "string") return;
      const got = JSON.parse(m.data);
      if (!got.content || got.content.comm_id !== comm) return;
      if (got.header.msg_type === "comm_close") { l.drop(new Error("the kernel no longer has this run")); l.drop = null; return l.hangUp(); }
      if (got.header.msg_type !== "comm_msg") return;
      l.wait(IDLE);
      l.take(got.content.data.part);
      l.drop = null;
    };
  });
}

async function ask(question) {
  if (line) {
    const l = line;
    return new Promise((resolve, reject) => {
      l.take = resolve;
      l.drop = reject;
      l.wait(PATIENCE);
      l.socket.send(envelope("comm_msg", { comm_id: l.id, data: question }));
    });
  }
  const page = document.getElementById("jupyter-config-data");
  if (!page) throw new Error("this page has no kernel");
  const config = JSON.parse(page.textContent), server = config.baseUrl || "/", token = config.token || "";
  const get = async path => (await fetch(server + path, { headers: token ? { Authorization: "token " + token } : {} })).json();
  const [kernels, specs] = await Promise.all([get("api/kernels"), get("api/kernelspecs")]);
  const go = kernels.filter(k => ((specs.kernelspecs[k.name] || { spec: {} }).spec.language || "").toLowerCase() === "go");
  if (!go.length) throw new Error("no kernel for Go is running");
  const sockets = (config.wsUrl || location.origin.replace(/^http/, "ws") + server) + "api/kernels/";
  const query = "/channels?session_id=" + id + (token ? "&token=" + encodeURIComponent(token) : "");
  return Promise.any(go.map(k => call(sockets + k.id + query, question))).catch(() => { throw new Error("no kernel that is running has this run any more"); });
}

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
  const e = document.createElementNS(NS, name);
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

// fine is a time with as many digits as tell it from others so far away.
function fine(ns, apart) {
  const unit = ns < 1000 ? [1, " ns"] : ns < 999500 ? [1e3, " µs"] : ns < 999500000 ? [1e6, " ms"] : [1e9, " s"];
  const digits = Math.max(0, Math.ceil(-Math.log10(Math.max(apart, 1) / unit[0]) - 1e-9));
  return digits <= 2 ? duration(ns) : (ns / unit[0]).toFixed(digits) + unit[1];
}

// sums turns differences into values.
function sums(list, from) { let t = from; return list.map(d => t += d); }

// find is the index of the first of a sorted list that is greater than x.
function find(list, x) {
  let a = 0, b = list.length;
  while (a < b) { const m = (a + b) >> 1; if (list[m] > x) b = m; else a = m + 1; }
  return a;
}

function start(d, kept) {
  const words = d.words, bars = d.bars, ev = d.events;
  const lanes = d.lanes.map((l, i) => ({ ...l, first: bars.lane[i], last: bars.lane[i + 1], index: i }));
  const from = new Float64Array(bars.state.length), to = new Float64Array(bars.state.length);
  for (const l of lanes) {
    let t = d.from;
    for (let i = l.first; i < l.last; i++) { from[i] = t += bars.from[i]; to[i] = t += bars.length[i]; }
  }
  const at = sums(ev.at, d.from), woken = sums(d.wakes.at, d.from);
  const begin = [0];
  for (const n of ev.count) begin.push(begin[begin.length - 1] + n);
  // before[k] is what slot ev.change[2k] had before change k.
  const before = [], slots = new Array(d.slots.length).fill(0);
  for (let k = 0; 2 * k < ev.change.length; k++) {
    const s = ev.change[2 * k];
    before.push(slots[s]);
    slots[s] = ev.change[2 * k + 1];
  }
  slots.fill(0);

  const changes = Float64Array.from(new Set([d.from, d.to, ...from, ...to])).sort();
  const state = {
    steps: d.steps, view: null, step: -1, timer: 0, task: kept ? kept.task : "", object: 0,
    off: kept ? kept.off : new Set(), changed: new Set(), asking: false,
  };

  // Places: units are ns, or STEP for each change.
  function units(t) {
    if (!state.steps) return t;
    const i = find(changes, t) - 1;
    if (i >= changes.length - 1) return (changes.length - 1) * STEP;
    return Math.max(0, (i + (t - changes[i]) / (changes[i + 1] - changes[i])) * STEP);
  }
  function time(u) {
    if (!state.steps) return u;
    const i = Math.min(Math.max(0, Math.floor(u / STEP)), changes.length - 2);
    return i < 0 ? d.from : changes[i] + (u / STEP - i) * (changes[i + 1] - changes[i]);
  }
  function range() { const a = units(d.from), b = units(d.to); return [a, b > a ? b : a + 1]; }
  function fit() { state.view = range(); }

  // A reduced run shows a part in full when the kernel gives it.
  function redraw(a, b) {
    if (state.asking) return;
    const first = whole.from, last = whole.to, size = Math.max(b - a, 1000);
    a = Math.max(first, Math.min(a, last - size));
    b = Math.min(last, a + size);
    if (a <= first && b >= last) return start(whole, state);
    if (!whole.run) return hint("the picture has no more than this. engine.Between draws a part of the run");
    state.asking = true;
    hint("asking the kernel for " + duration(a) + " to " + duration(b) + " …");
    ask({ run: whole.run, cores: !!whole.cores, from: Math.floor(a), to: Math.ceil(b) }).then(unpack).then(
      part => { if (ui.all.isConnected) start(part, state); },
      e => { state.asking = false; hint("closer than this only the kernel that ran it can draw: " + e.message + ". Run it again, or draw a part with engine.Between"); });
  }
  function hint(words) { ui.hint.textContent = words; }

  function shown() {
    const f = state.task.toLowerCase();
    return lanes.filter(l => !f || (l.name + " " + l.note).toLowerCase().includes(f));
  }
  function visible(i) {
    return !state.off.has(bars.state[i]) && (!state.object || bars.object[i] === state.object);
  }

  function control(name, text, title, action) {
    return el("button", { type: "button", title, "aria-label": title, "data-do": name, "data-lm-suppress-shortcuts": "true", onclick: action }, text);
  }
  function choice(title, options, action) {
    const s = el("select", { title, "aria-label": title, "data-lm-suppress-shortcuts": "true" });
    for (const [v, t] of options) s.append(el("option", { value: v }, t));
    s.addEventListener("change", () => { action(s.value); });
    return s;
  }

  function build() {
    const style = el("style", {}, `
.${id}{position:relative;outline-offset:2px}
.${id} button,.${id} select,.${id} input{font:inherit;font-size:12px;margin:0 4px 4px 0;padding:1px 7px;color:${TEXT};background:${PANEL};border:1px solid ${LINE};border-radius:3px}
.${id} button[aria-pressed=false]{opacity:.55;text-decoration:line-through}
.${id} :focus-visible,.${id}:focus-visible{outline:2px solid ${ACCENT}}
.${id} .box{max-height:440px;overflow-y:auto;overflow-x:hidden;border-top:1px solid ${LINE};border-bottom:1px solid ${LINE}}
.${id} svg{display:block;font:12px sans-serif}
.${id} svg text{fill:${TEXT}}
.${id} .say{min-height:2.9em;white-space:pre-line;padding:2px 0}
.${id} .cols{display:flex;gap:12px;flex-wrap:wrap}
.${id} .cols>div{flex:1 1 300px;min-width:0}
.${id} pre{margin:0;font-family:var(--jp-code-font-family,monospace);tab-size:4;max-height:260px;overflow:auto;background:none;color:${TEXT};font-size:12px;line-height:1.35}
.${id} pre .lit{background:${PANEL};color:${TEXT};font-weight:bold;box-shadow:inset 4px 0 ${ACCENT};display:block}
.${id} .facts{max-height:260px;overflow:auto;font-size:12px}
.${id} .facts div{margin-bottom:2px;padding-left:4px;overflow-wrap:anywhere}
.${id} .new{outline:1px solid ${ACCENT};outline-offset:-1px}
.${id} .help{position:absolute;z-index:5;top:24px;left:40px;background:${PAGE};border:2px solid ${ACCENT};padding:10px 16px}
.${id} .help td{padding:1px 10px 1px 0;text-align:left}`);
    const heading = el("div", {}, el("b", {}, d.title), " ");
    const scaleNote = el("span", { "data-part": "scale" });
    heading.append(scaleNote);
    const tasks = d.slots.map((s, i) => [i, s]).filter(([, s]) => s.kind === "task");
    const objects = d.slots.map((s, i) => [i, s]).filter(([, s]) => !s.of && s.kind !== "variables");
    const jumpTo = choice("The task or object whose next event to go to",
      [["", "of all"], ...tasks.map(([i, s]) => [i, "of " + s.name]), ...objects.map(([i, s]) => [i, "of " + s.name])], () => {});
    const speed = choice("Steps a second while it plays", [[1, "1 a second"], [2, "2 a second"], [5, "5 a second"], [20, "20 a second"]], () => { if (state.timer) { play(); play(); } });
    speed.value = "2";
    const filter = el("input", { type: "search", size: "9", placeholder: "tasks…", title: "Show only lanes whose name has this", "aria-label": "Show only lanes whose name has this", "data-lm-suppress-shortcuts": "true" });
    filter.value = state.task;
    filter.addEventListener("input", () => { state.task = filter.value; draw(); });
    const only = choice("Show only waits for this object", [[0, "all objects"], ...objects.map(([i, s]) => [i + 1, s.name])], v => { state.object = +v; draw(); });
    const playing = control("play", "▶ play", "Play (space)", play);
    const scale = control("scale", "", "Change between a scale of time and one of steps (t)", flip);
    const bar = el("div", { role: "toolbar", "aria-label": "Timeline" },
      control("first", "|◀", "To the beginning (Home)", () => go(-1)),
      control("back", "◀ step", "Step back (←)", () => go(state.step - 1)),
      control("forth", "step ▶", "Step forward (→)", () => go(state.step + 1)),
      control("last", "▶|", "To the end (End)", () => go(at.length - 1)),
      playing, speed,
      control("previous", "« event", "Event before (p) of what is chosen", () => jump(-1)),
      control("next", "event »", "Next event (n) of what is chosen", () => jump(1)), jumpTo,
      control("in", "+", "Zoom in (+)", () => zoom(0.5)), control("out", "−", "Zoom out (-)", () => zoom(2)),
      control("fit", "all", "Show all (0)", everything), scale,
      filter, only,
      control("table", "table", "Show the table in place of the picture", () => { base.hidden = !base.hidden; }),
      control("help", "?", "Keys (?)", help));
    const axis = svg("svg", { height: AXIS, "aria-hidden": "true" });
    const box = el("div", { class: "box" });
    const picture = svg("svg", { role: "img", "aria-label": d.alt });
    box.append(picture);
    const legend = el("div", { "data-part": "legend" });
    const used = new Set(bars.state);
    d.looks.forEach((l, i) => {
      if (!used.has(i)) return;
      const sample = svg("svg", { width: 22, height: 12, style: "display:inline-block;vertical-align:-1px;margin-right:4px" });
      sample.append(svg("rect", { width: 22, height: 12, fill: `url(#${id}p${i})`, stroke: LINE }));
      const b = el("button", { type: "button", "aria-pressed": String(!state.off.has(i)), title: "Show or hide", "data-state": i, "data-lm-suppress-shortcuts": "true" }, sample, l.name);
      b.addEventListener("click", () => {
        state.off.has(i) ? state.off.delete(i) : state.off.add(i);
        b.setAttribute("aria-pressed", String(!state.off.has(i)));
        draw();
      });
      legend.append(b);
    });
    const say = el("div", { class: "say", "aria-live": "polite", "data-part": "say" });
    const source = el("pre", { tabindex: "-1", "data-part": "source" });
    const facts = el("div", { class: "facts",  "data-part": "facts" });
    const panels = el("div", { class: "cols" }, el("div", {}, source), el("div", {}, facts));
    const hinted = el("div", { "data-part": "hint", role: "status", style: "font-size:12px;font-style:italic" });
    const notes = el("div", { style: "font-size:12px" });
    for (const n of d.notes) notes.append(el("div", {}, n));
    const all = el("div", { class: id, tabindex: "0", role: "group", "aria-label": d.title + ": press ? for keys", "data-lm-suppress-shortcuts": "true", "data-part": "timeline" },
      style, heading, hinted, bar, axis, box, legend, say, panels, notes);
    all.addEventListener("keydown", key);
    picture.addEventListener("click", click);
    picture.addEventListener("mousemove", hover);
    box.addEventListener("wheel", wheel, { passive: false });
    drag(picture);
    const patterns = svg("svg", { width: 0, height: 0, style: "position:absolute", "aria-hidden": "true" });
    patterns.append(definitions());
    all.append(patterns);
    return { all, hint: hinted, axis, box, picture, say, source, facts, playing, scale, jumpTo, speed, scaleNote };
  }

  // definitions are the patterns of states; see draw.Pattern.
  function definitions() {
    const defs = svg("defs", {});
    d.looks.forEach((l, i) => {
      const p = svg("pattern", { id: `${id}p${i}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
      p.append(svg("rect", { width: 8, height: 8, fill: l.fill }));
      const line = path => p.append(svg("path", { d: path, stroke: l.ink, "stroke-width": 1.1, fill: "none", opacity: 0.45 }));
      if (l.pattern === 1) p.append(svg("circle", { cx: 2, cy: 2, r: 1, fill: l.ink }), svg("circle", { cx: 6, cy: 6, r: 1, fill: l.ink }));
      if (l.pattern === 2 || l.pattern === 3) line("M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6");
      if (l.pattern === 3) line("M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2");
      if (l.pattern === 4) p.append(svg("circle", { cx: 4, cy: 4, r: 2, stroke: l.ink, fill: "none", opacity: 0.6 }));
      if (l.pattern === 5) line("M2,0 V8 M6,0 V8");
      if (l.pattern === 6) line("M0,2 H8 M0,6 H8");
      defs.append(p);
    });
    const arrow = svg("marker", { id: id + "a", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto-start-reverse" });
    arrow.append(svg("path", { d: "M0,0 L8,4 L0,8 z", fill: TEXT }));
    defs.append(arrow);
    return defs;
  }

  // The picture.
  function width() { return Math.max(ui.all.clientWidth || 800, 320); }
  function x(t) { return NAME + (units(t) - state.view[0]) / (state.view[1] - state.view[0]) * (width() - NAME - 12); }
  function timeAt(px) { return time(state.view[0] + (px - NAME) / (width() - NAME - 12) * (state.view[1] - state.view[0])); }

  function draw() {
    const w = width(), list = shown(), height = Math.max(list.length * LANE + 4, LANE);
    ui.scale.textContent = state.steps ? "to scale" : "by steps";
    const left = time(state.view[0]), right = Math.min(time(state.view[1]), Math.max(d.last, left));
    ui.scaleNote.textContent = fine(left, (right - left) / 10) + " to " + fine(right, (right - left) / 10) + (d === whole ? "" : ", a part of the run") +
      (state.steps ? "; by steps, not to scale: each change is equally wide" : "; to scale");
    axis(w);
    const p = ui.picture;
    p.replaceChildren();
    p.setAttribute("width", w);
    p.setAttribute("height", height);
    const clip = svg("clipPath", { id: id + "c" });
    clip.append(svg("rect", { x: NAME, y: 0, width: w - NAME - 8, height }));
    const inside = svg("g", { "clip-path": `url(#${id}c)` });
    p.append(clip, inside);
    const row = new Map();
    list.forEach((l, r) => {
      row.set(l.index, r);
      const y = r * LANE + 3;
      const name = svg("text", { x: 4, y: y + BAR - 5, "font-weight": l.kind === 1 ? "bold" : "normal", "font-style": l.kind === 2 || l.kind === 3 ? "italic" : "normal", "data-lane": l.index });
      const text = (l.name + " " + l.note).trim();
      name.textContent = text.length > 22 ? text.slice(0, 21) + "…" : text;
      const title = svg("title", {});
      title.textContent = text;
      name.append(title);
      p.append(name);
      inside.append(svg("line", { x1: NAME, x2: w, y1: y + BAR + 2.5, y2: y + BAR + 2.5, stroke: LINE, "stroke-width": 0.3 }));
      lane(inside, l, y);
    });
    if (d.last < d.to && list.some(l => l.last > l.first)) {
      const end = svg("line", { x1: x(d.last), x2: x(d.last), y1: 0, y2: height, stroke: TEXT, "stroke-width": 1.5, "stroke-dasharray": "4 3" });
      const title = svg("title", {});
      title.textContent = "the run ended here, at " + duration(d.last);
      end.append(title);
      inside.append(end);
    }
    arrows(inside, row);
    cursor(p, row, height);
  }

  function axis(w) {
    const a = ui.axis;
    a.replaceChildren();
    a.setAttribute("width", w);
    const [u, v] = state.view, n = Math.max(2, Math.floor((w - NAME) / 110));
    let every = (v - u) / n;
    if (!state.steps) {
      const unit = 10 ** Math.floor(Math.log10(every));
      every = Math.max(1, unit * [1, 2, 5, 10].find(f => f * unit >= every));
    } else {
      every = Math.max(STEP, Math.ceil(every / STEP) * STEP);
    }
    for (let k = Math.ceil(u / every) * every; k <= v; k += every) {
      const px = NAME + (k - u) / (v - u) * (w - NAME - 12);
      a.append(svg("line", { x1: px, x2: px, y1: 14, y2: AXIS, stroke: LINE }));
      const t = svg("text", { x: px + 2, y: 12, "font-size": 11 });
      t.textContent = fine(time(k), time(k + every) - time(k));
      if (px < w - 50) a.append(t);
    }
  }

  // lane draws bars; those too narrow share narrow columns, in which every state
  // that occurs has its strip.
  const NARROW = 3;
  function lane(g, l, y) {
    const a = time(state.view[0]), b = time(state.view[1]), merged = isMerged(l);
    const narrow = d.columns ? Math.max(NARROW, (width() - NAME - 12) / d.columns) : NARROW;
    const columns = new Map();
    for (let i = l.first; i < l.last; i++) {
      if (to[i] < a || from[i] > b) continue;
      const x0 = x(from[i]), x1 = x(to[i]);
      if (!merged && !d.columns && x1 - x0 >= NARROW) rect(g, i, x0, x1, y);
      else for (let k = Math.floor((x0 - NAME + 0.01) / narrow); k <= Math.floor((Math.max(x0, x1 - 0.02) - NAME + 0.01) / narrow); k++) {
        let c = columns.get(k);
        if (!c) columns.set(k, c = new Map());
        const had = c.get(bars.state[i]) || { n: 0, ns: 0, i };
        had.n++;
        had.ns += to[i] - from[i];
        if (visible(i)) had.seen = true;
        c.set(bars.state[i], had);
      }
    }
    for (const [k, c] of columns) {
      const parts = [...c].sort((p, q) => q[1].ns - p[1].ns);
      parts.forEach(([s, part], n) => {
        const h = n === 0 ? BAR : Math.max(2, Math.floor(BAR / 2 / (parts.length - 1)));
        const r = svg("rect", { x: NAME + k * narrow, width: narrow, y: n === 0 ? y : y + BAR - h * n, height: h, fill: `url(#${id}p${s})`, "data-bar": part.i, opacity: part.seen ? 1 : 0.1 });
        g.append(r);
      });
    }
  }
  function isMerged(l) { return l.index >= lanes.length - d.merged; }

  function rect(g, i, x0, x1, y) {
    const s = bars.state[i], show = visible(i);
    const left = Math.max(x0, NAME - 2), right = Math.min(x1, width());
    g.append(svg("rect", { x: left, width: right - left, y, height: BAR, fill: `url(#${id}p${s})`, stroke: LINE, "stroke-width": 1, "data-bar": i, opacity: show ? 1 : 0.12 }));
    const text = words[bars.label[i]];
    if (text && show && right - left > text.length * 6.5 + 6) {
      const t = svg("text", { x: (left + right) / 2, y: y + BAR - 5, "text-anchor": "middle", "pointer-events": "none", "font-size": 11, style: `fill:${d.looks[s].ink};paint-order:stroke;stroke:${d.looks[s].fill};stroke-width:4px` });
      t.textContent = text;
      g.append(t);
    }
  }

  const MOST_ARROWS = 300;
  function arrows(g, row) {
    const a = time(state.view[0]), b = time(state.view[1]);
    const first = find(woken, a - 1e-9), last = find(woken, b);
    if (last - first > MOST_ARROWS) {
      ui.scaleNote.textContent += `; ${last - first} wake-ups: zoom in to see their arrows`;
      return;
    }
    for (let i = first; i < last; i++) {
      const r = row.get(d.wakes.from[i]), s = row.get(d.wakes.to[i]);
      if (r === undefined || s === undefined || r === s) continue;
      const px = x(woken[i]), down = s > r;
      const y0 = r * LANE + (down ? BAR + 3 : 3), y1 = s * LANE + (down ? 3 : BAR + 3);
      const path = svg("path", { d: `M${px},${y0} L${px},${y1}`, stroke: TEXT, "stroke-width": 1.4, "marker-end": `url(#${id}a)`, "data-wake": i });
      const title = svg("title", {});
      title.textContent = words[d.wakes.text[i]];
      path.append(title);
      g.append(path);
    }
  }

  function cursor(p, row, height) {
    if (state.step < 0) return;
    const px = x(at[state.step]);
    if (px < NAME - 1 || px > width()) return;
    p.append(svg("line", { x1: px, x2: px, y1: 0, y2: height, stroke: ACCENT, "stroke-width": 2, "data-part": "cursor" }));
    const l = lanes.find(o => o.task === ev.task[state.step] && o.kind !== 4 && !isMerged(o));
    if (l && row.has(l.index)) p.append(svg("circle", { cx: px, cy: row.get(l.index) * LANE + 3 + BAR / 2, r: 5, fill: ACCENT, stroke: PAGE, "stroke-width": 1.5 }));
  }

  // Stepping.
  function go(n) {
    n = Math.min(Math.max(n, -1), at.length - 1);
    state.changed.clear();
    while (state.step < n) {
      state.step++;
      state.changed.clear();
      for (let k = begin[state.step]; k < begin[state.step + 1]; k++) {
        slots[ev.change[2 * k]] = ev.change[2 * k + 1];
        state.changed.add(ev.change[2 * k]);
      }
    }
    while (state.step > n) {
      for (let k = begin[state.step + 1] - 1; k >= begin[state.step]; k--) slots[ev.change[2 * k]] = before[k];
      state.step--;
    }
    if (n >= 0) {
      for (let k = begin[n]; k < begin[n + 1]; k++) state.changed.add(ev.change[2 * k]);
      const u = units(at[n]), [a, b] = state.view;
      if (u < a || u > b) { const half = (b - a) / 2; state.view = clamp(u - half, u + half); }
    }
    draw();
    show();
  }

  function show() {
    const n = state.step;
    if (n < 0) {
      ui.say.textContent = at.length ? `${at.length.toLocaleString("en")} steps. Press → to go through them, or click on a bar; ? shows all keys.` : "Nothing happened.";
    } else {
      ui.say.textContent = `Step ${n + 1} of ${at.length} at ${duration(at[n])}: ${words[ev.text[n]]}`;
    }
    source(n < 0 ? 0 : ev.place[n]);
    ui.facts.replaceChildren();
    if (n < 0) return;
    const live = [];
    slots.forEach((w, s) => { if (w && !(words[w].startsWith("done: ") && !state.changed.has(s))) live.push(s); });
    const kinds = s => d.slots[s].of ? 1 : 0;
    live.sort((a, b) => kinds(a) - kinds(b) || d.slots[a].of - d.slots[b].of || a - b);
    // Those that changed come in any case; of many others, the first.
    let room = 60;
    for (const s of live) {
      const fresh = state.changed.has(s);
      if (!fresh && room-- <= 0) continue;
      ui.facts.append(el("div", fresh ? { class: "new", title: "changed by this step" } : {},
        el("b", {}, d.slots[s].name + (d.slots[s].kind === "frames" ? " calls" : "")), ": ", words[slots[s]]));
    }
    if (room < 0) ui.facts.append(el("div", {}, `… and ${-room} more that did not change`));
  }

  let lit = -1;
  function source(p) {
    if (!p) { // no line of its own
      for (const old of ui.source.querySelectorAll(".lit")) old.classList.remove("lit");
      return;
    }
    const [f, line] = d.places[p - 1], file = d.files[f];
    if (lit !== f) {
      lit = f;
      ui.source.replaceChildren(file.name + "\n");
      (file.lines || []).forEach((text, i) => ui.source.append(el("span", {}, String(i + 1).padStart(3) + "  " + text + "\n")));
    }
    for (const old of ui.source.querySelectorAll(".lit")) old.classList.remove("lit");
    const now = ui.source.querySelectorAll("span")[line - 1];
    if (now) {
      now.classList.add("lit");
      if (now.offsetTop - ui.source.offsetTop < ui.source.scrollTop || now.offsetTop - ui.source.offsetTop > ui.source.scrollTop + 220) ui.source.scrollTop = now.offsetTop - ui.source.offsetTop - 100;
    }
  }

  function jump(by) {
    const v = ui.jumpTo.value;
    if (v === "") return go(state.step + by);
    const s = d.slots[+v];
    for (let n = state.step + by; n >= 0 && n < at.length; n += by) {
      if (s.of ? ev.task[n] === s.of : ev.object[n] === +v + 1) return go(n);
    }
  }

  function play() {
    if (state.timer) {
      clearInterval(state.timer);
      state.timer = 0;
    } else {
      if (state.step >= at.length - 1) go(-1);
      state.timer = setInterval(() => {
        if (!root.isConnected || state.step >= at.length - 1) play();
        else go(state.step + 1);
      }, 1000 / ui.speed.value);
    }
    ui.playing.textContent = state.timer ? "❚❚ pause" : "▶ play";
  }

  // Looking.
  function clamp(a, b) {
    const [u, v] = range(), size = Math.min(b - a, v - u);
    a = Math.min(Math.max(a, u), v - size);
    return [a, a + size];
  }
  function zoom(f, centre) {
    const [a, b] = state.view;
    if (centre === undefined) {
      centre = state.step >= 0 ? units(at[state.step]) : (a + b) / 2;
      if (centre < a || centre > b) centre = (a + b) / 2;
    }
    const least = state.steps ? 2 * STEP : 10, to = [centre - (centre - a) * f, centre + (b - centre) * f];
    if (f < 1 && d.columns) return redraw(...to);
    if (f > 1 && d !== whole && b - a >= range()[1] - range()[0]) return wider(f);
    if (f < 1 && (b - a) * f < least) return;
    state.view = clamp(...to);
    draw();
  }
  function wider(f) {
    const middle = (d.from + d.to) / 2, half = (d.to - d.from) / 2 * f;
    redraw(middle - half, middle + half);
  }
  function everything() {
    if (d !== whole) return start(whole, state);
    fit();
    draw();
  }
  function pan(by) {
    const [a, b] = state.view, s = (b - a) * by, [u, v] = range();
    if (d !== whole && (by > 0 ? b >= v - 1 : a <= u + 1)) return redraw(d.from + (d.to - d.from) * by, d.to + (d.to - d.from) * by);
    state.view = clamp(a + s, b + s);
    draw();
  }
  function flip() {
    if (d.columns) return;
    const [a, b] = state.view.map(time);
    state.steps = !state.steps;
    state.view = [units(a), units(b)];
    if (state.view[1] - state.view[0] < 1) fit();
    draw();
  }

  function wheel(e) {
    if (!e.ctrlKey && !e.shiftKey) return; // the page scrolls
    e.preventDefault();
    const px = e.clientX - ui.picture.getBoundingClientRect().left;
    if (e.ctrlKey) zoom(e.deltaY > 0 ? 1.25 : 0.8, units(timeAt(px)));
    else pan((e.deltaX || e.deltaY) > 0 ? 0.1 : -0.1);
  }

  let dragged = false;
  function drag(p) {
    p.addEventListener("pointerdown", e => {
      if (e.button !== 0) return;
      const x0 = e.clientX, view = state.view;
      dragged = false;
      const move = m => {
        if (Math.abs(m.clientX - x0) < 4 && !dragged) return;
        dragged = true;
        const s = (x0 - m.clientX) / (width() - NAME - 12) * (view[1] - view[0]);
        state.view = clamp(view[0] + s, view[1] + s);
        draw();
      };
      const up = () => { window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", up); };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up);
    });
  }

  function click(e) {
    if (dragged) { dragged = false; return; }
    const b = e.target.getAttribute("data-bar");
    const px = e.clientX - ui.picture.getBoundingClientRect().left;
    const t = b === null ? timeAt(px) : from[b];
    let n = find(at, t) - 1;
    if (b !== null) { // the event of this task that began the bar
      const r = Math.floor((e.clientY - ui.picture.getBoundingClientRect().top) / LANE), l = shown()[r];
      for (let k = n; l && k >= 0 && at[k] === t; k--) if (ev.task[k] === l.task) { n = k; break; }
    }
    go(n);
  }

  function hover(e) {
    const b = e.target.getAttribute("data-bar");
    if (b === null || e.target.querySelector("title")) return;
    const title = svg("title", {});
    title.textContent = bubble(+b);
    e.target.append(title);
  }

  function bubble(i) {
    let s = words[bars.text[i]];
    if (d.columns) return s + ` ${bars.times[i]}×, about ${duration(to[i] - from[i])} of ${duration((d.to - d.from) / d.columns)} here`;
    s += words[bars.end[i]].includes("still waiting") || words[bars.end[i]].includes("nobody can") ? "\nsince " + duration(from[i])
      : "\n" + duration(to[i] - from[i]) + ", from " + duration(from[i]) + " to " + duration(to[i]);
    if (bars.where[i]) {
      const [f, line] = d.places[bars.where[i] - 1], text = (d.files[f].lines || [])[line - 1];
      s += `\nat ${d.files[f].name}, line ${line}` + (text ? ": " + text.trim() : "");
    }
    return s + (bars.end[i] ? "\n" + words[bars.end[i]] : "");
  }

  const KEYS = [
    ["← →", "step back, forward"], ["Home, End", "to the beginning, to the end"], ["space", "play, pause"],
    ["p, n", "event before, next event of the chosen task or object"], ["+, −, 0", "zoom in, out, show all"],
    ["Shift ← →", "pan (or drag; Shift and the wheel)"], ["Ctrl and the wheel", "zoom at the pointer"], ["t", "scale of time or of steps"],
    ["↑ ↓", "scroll the lanes"], ["click on a bar", "go to where it begins"], ["?", "this help; Esc closes it"],
  ];
  function help() {
    const old = ui.all.querySelector(".help");
    if (old) return old.remove();
    const table = el("table", {});
    for (const [k, t] of KEYS) table.append(el("tr", {}, el("td", {}, el("kbd", {}, k)), el("td", {}, t)));
    ui.all.append(el("div", { class: "help", role: "dialog", "aria-label": "Keys" }, table));
  }

  function key(e) {
    const typing = e.target.tagName === "INPUT" || e.target.tagName === "SELECT";
    if (e.altKey || e.ctrlKey || e.metaKey || typing && e.key !== "Escape") { e.stopPropagation(); return; }
    const press = e.target.tagName === "BUTTON";
    const actions = {
      ArrowLeft: () => e.shiftKey ? pan(-0.2) : go(state.step - 1),
      ArrowRight: () => e.shiftKey ? pan(0.2) : go(state.step + 1),
      ArrowUp: () => { ui.box.scrollTop -= LANE; }, ArrowDown: () => { ui.box.scrollTop += LANE; },
      Home: () => go(-1), End: () => go(at.length - 1),
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), "0": everything,
      n: () => jump(1), p: () => jump(-1), t: flip, "?": help,
      Escape: () => { const h = ui.all.querySelector(".help"); if (h) h.remove(); },
    };
    if (!press) actions[" "] = play;
    const action = actions[e.key];
    if (!action) return;
    e.preventDefault();
    e.stopPropagation();
    action();
  }

  const ui = build();
  base.hidden = true;
  const focused = shows && shows.contains(document.activeElement);
  if (shows) shows.replaceWith(ui.all);
  else root.insertBefore(ui.all, base);
  shows = ui.all;
  if (focused) ui.all.focus();
  if (kept && kept.timer) clearInterval(kept.timer);
  fit();
  go(-1);
  let drawn = width();
  new ResizeObserver(() => { if (drawn !== width()) { drawn = width(); draw(); } }).observe(ui.all);
}
