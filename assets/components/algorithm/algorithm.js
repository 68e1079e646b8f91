// Steps through a recorded trace of Algorithm 1 in the browser: a step is a line that ran. All steps
// are here from the start, so stepping back is as quick as stepping forwards. A moment after the last
// movement the step is reported to Python, for the address alone.

const REST = 300; // milliseconds at rest before the step is reported
const PACE = 1300; // milliseconds of a step at speed 1
const SPEEDS = [0.5, 1, 2, 4];

const placeOf = (step) => [step.line, step.round, step.g_step, step.d_step, step.t].map((x) => x ?? "").join("/");

class Player {
  constructor(root) {
    this.root = root;
    this.index = 0;
    this.speed = 1;
    this.timer = 0;
    this.resting = 0;
    this.find = (name) => root.querySelector(name);
    root.addEventListener("keydown", (event) => this.key(event));
  }

  // -- data ---------------------------------------------------------------------------------

  take(data) {
    const first = !this.data;
    const other = !first && data.trace.id !== this.data.trace.id;
    const old = this.steps?.[this.index];
    this.data = data;
    if (first) this.tab = data.tab;
    if (first || other) {
      this.pause();
      this.steps = data.trace.steps;
      let state = {};
      this.states = this.steps.map((step) => (state = { ...state, ...step.variables }));
      this.drawn = buildState(this.find(".state"), { ...data, ...data.trace });
      this.index = first ? data.at - 1 : this.sameplace(old);
      this.frame();
      this.show(this.index);
      if (other) this.tell();
    }
    this.differences();
  }

  // Where the other trace has the same line of the same round, or the last of its lines before.
  sameplace(old) {
    const order = (step) => [step.round ?? 0, step.g_step ?? 0, step.line];
    const wanted = placeOf(old);
    const exact = this.steps.findIndex((step) => placeOf(step) === wanted);
    if (exact >= 0) return exact;
    let last = 0;
    this.steps.forEach((step, index) => {
      const [round, , line] = order(step);
      const [r, , l] = order(old);
      if (round < r || (round === r && line <= l)) last = index;
    });
    return last;
  }

  // -- what stands still within a trace --------------------------------------------------------

  frame() {
    const { root, data } = this;
    const { words } = data;
    root.setAttribute("aria-label", words.group);
    const list = this.find(".lines");
    list.replaceChildren();
    list.setAttribute("aria-label", words.lines);
    this.lines = data.lines.map((line, index) => {
      const button = make("button", line.turn, make("li", "", list));
      button.type = "button";
      button.style.setProperty("--depth", line.depth);
      make("span", "nth", button, index + 1);
      setMath(make("span", "text", button), line.text);
      const runs = this.steps.some((step) => step.line === index + 1);
      button.title = runs ? words.go_to_line : words.never_runs;
      button.setAttribute("aria-disabled", !runs);
      button.onclick = () => this.go(this.nextOf((step) => step.line === index + 1));
      return button;
    });
    const button = (name, text, act) => {
      const found = this.find(name);
      found.textContent = text;
      found.onclick = act;
    };
    button(".back-one", `‹ ${words.back}`, () => this.go(this.index - 1));
    button(".next-one", `${words.next} ›`, () => this.go(this.index + 1));
    button(".next-round", `${words.next_round} »`, () => this.nextRound());
    button(".play", "", () => (this.timer ? this.pause() : this.play()));
    this.find(".keys").textContent = words.keys;
    this.find(".speed span").textContent = words.speed;
    const select = this.find("select");
    select.setAttribute("aria-label", words.speed); // its label has no room on a phone
    select.replaceChildren(...SPEEDS.map((speed) => new Option(`${speed}×`, speed, false, speed === this.speed)));
    select.onchange = () => { this.speed = Number(select.value); if (this.timer) this.play(); };
    const slider = this.find("input");
    slider.max = this.steps.length;
    slider.setAttribute("aria-label", words.step);
    slider.oninput = () => this.go(Number(slider.value) - 1);
    this.find(".as-table summary").textContent = words.table;
    this.find("caption").textContent = words.table;
    this.find(".as-table .scroll").setAttribute("aria-label", words.table);
    this.find("thead").replaceChildren();
    const head = make("tr", "", this.find("thead"));
    for (const text of words.head) make("th", "", head, text).scope = "col";
    this.roundMarks();
    this.tabs();
  }

  roundMarks() {
    const marks = this.find(".rounds");
    marks.replaceChildren();
    const counts = new Map();
    for (const step of this.steps) counts.set(step.round ?? 0, (counts.get(step.round ?? 0) ?? 0) + 1);
    for (const [round, count] of counts) {
      make("i", "", marks, round || "").style.flexGrow = count;
    }
  }

  differences() {
    const box = this.find(".differences");
    const { differences, words } = this.data;
    box.hidden = !differences.length;
    box.replaceChildren();
    for (const { text, at } of differences) {
      const row = make("p", "", box);
      setMath(make("span", "", row), text);
      const button = make("button", "", row, words.go_there);
      button.type = "button";
      button.setAttribute("aria-label", `${words.go_there}: ${text}`);
      button.onclick = () => this.go(at - 1);
    }
  }

  // -- tabs -------------------------------------------------------------------------------------

  tabs() {
    const list = this.find("[role=tablist]");
    list.replaceChildren();
    list.setAttribute("aria-label", this.data.words.tabs_label);
    const names = Object.keys(this.data.words.tabs);
    this.tabButtons = names.map((name, index) => {
      const button = make("button", "", list, this.data.words.tabs[name]);
      button.type = "button";
      button.id = `algo-tab-${name}`;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", "algo-panel");
      button.onclick = () => this.open(name);
      button.onkeydown = (event) => {
        const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const to = event.key === "Home" ? 0 : event.key === "End" ? names.length - 1 : index + move;
        if (Number.isNaN(to)) return;
        event.preventDefault();
        const next = (to + names.length) % names.length;
        this.open(names[next]);
        this.tabButtons[next].focus();
      };
      return button;
    });
    this.find("[role=tabpanel]").id = "algo-panel";
  }

  open(name) {
    this.tab = name;
    this.fillTab();
    this.root.tell("tab", name);
  }

  fillTab() {
    const panel = this.find("[role=tabpanel]");
    const names = Object.keys(this.data.words.tabs);
    this.tabButtons.forEach((button, index) => {
      button.setAttribute("aria-selected", names[index] === this.tab);
      button.tabIndex = names[index] === this.tab ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `algo-tab-${this.tab}`);
    panel.className = this.tab;
    panel.replaceChildren();
    fillTab(panel, this.tab, this.steps[this.index].line, this.data);
  }

  // -- moving -----------------------------------------------------------------------------------

  nextOf(wanted) {
    const after = this.steps.findIndex((step, index) => index > this.index && wanted(step));
    return after >= 0 ? after : this.steps.findIndex(wanted);
  }

  nextRound() {
    const next = this.steps.findIndex((step, index) => index > this.index && step.line === 6);
    this.go(next >= 0 ? next : this.steps.length - 1);
  }

  go(index) {
    this.pause();
    if (index >= 0 && index < this.steps.length) this.show(index);
    this.tell();
  }

  show(index) {
    const { data } = this;
    this.index = Math.max(0, Math.min(index, this.steps.length - 1));
    const step = this.steps[this.index];
    const view = { step, data: { ...data, ...data.trace }, now: this.states[this.index], before: this.states[this.index - 1] ?? {} };
    this.lines.forEach((button, at) => {
      const current = at + 1 === step.line;
      if (current) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.tabIndex = current ? 0 : -1;
    });
    const where = [`${data.words.line} ${step.line}`];
    for (const name of ["round", "g_step", "d_step"]) if (step[name]) where.push(`${data.words[name]} ${step[name]}`);
    if (step.t) where.push(`t = ${step.t}`);
    this.find(".after").textContent = `${data.words.after} ${where.join(" · ")}`;
    const here = make("b");
    setMath(here, `${step.line}  ${data.lines[step.line - 1].text}`);
    const rest = [...where.slice(1), `${data.words.step} ${this.index + 1} / ${this.steps.length}`];
    this.find(".where").replaceChildren(here, make("span", "", null, rest.join(" · ")));
    const said = this.find(".step-text");
    said.setAttribute("aria-live", this.timer ? "off" : "polite");
    said.textContent = data.trace.texts[this.index];
    const slider = this.find("input");
    slider.value = this.index + 1;
    slider.setAttribute("aria-valuetext", `${this.index + 1} / ${this.steps.length}: ${where.join(", ")}`);
    // Never disabled: a button that has the focus would lose it, and the keys with it.
    this.find(".back-one").setAttribute("aria-disabled", this.index === 0);
    const end = this.index === this.steps.length - 1;
    for (const name of [".next-one", ".next-round"]) this.find(name).setAttribute("aria-disabled", end);
    this.find(".play").textContent = this.timer ? `❚❚ ${data.words.pause}` : `▶ ${data.words.play}`;
    fillState(this.drawn, view);
    fillTable(this.find("table"), view);
    this.fillTab();
  }

  play() {
    clearTimeout(this.timer);
    if (this.index === this.steps.length - 1) this.index = -1; // from the start again
    this.timer = -1;
    this.tick();
  }

  tick() {
    if (!this.root.isConnected) return this.pause();
    const last = this.index + 1 >= this.steps.length - 1;
    this.timer = last ? 0 : setTimeout(() => this.tick(), PACE / this.speed);
    this.show(this.index + 1);
    if (last) this.tell();
  }

  pause() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.show(this.index);
    this.tell();
  }

  tell() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.root.isConnected) this.root.tell("at", this.index + 1);
    }, REST);
  }

  // -- keys -------------------------------------------------------------------------------------

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target;
    if (on.matches("select, [role=tab]")) return; // arrows and Space mean something else there
    const slider = on.matches("input");
    const pressable = on.matches("button, summary");
    const lines = this.lines.indexOf(on);
    const moves = {
      ArrowRight: () => this.go(this.index + 1),
      ArrowLeft: () => this.go(this.index - 1),
      Home: () => this.go(0),
      End: () => this.go(this.steps.length - 1),
      PageDown: () => this.nextRound(),
      n: () => this.nextRound(),
      " ": () => (this.timer ? this.pause() : this.play()),
    };
    if (lines >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.lines[lines + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      return;
    }
    if (!(event.key in moves)) return;
    if (slider && ["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) return; // its own
    if (pressable && event.key === " ") return; // presses it
    event.preventDefault();
    moves[event.key]();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".algo");
  if (!root || !data) return;
  root.tell = setStateValue;
  root.player ??= new Player(root);
  root.player.take(data);
}
