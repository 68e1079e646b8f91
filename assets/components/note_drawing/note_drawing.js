// Drawing the first notes: a grid of steps and keys, and under it a keyboard of two octaves. Both
// are one stop for the Tab key, arrow keys move inside; what happens is also said.

const SHOWN = 25; // keys of the grid and the keyboard: two octaves and the C above

class Drawing {
  constructor(root, data, tell) {
    Object.assign(this, { root, data, tell, low: 60, cursor: { step: 0, pitch: 67 }, steps: 1 });
    this.sketch = new Sketch(data);
    this.tone = new Tone();
    const lowest = Math.min(...this.sketch.notes.map((note) => note.pitch));
    if (Number.isFinite(lowest)) this.low = this.within(lowest - (lowest % 12));
    root.replaceChildren();
    make("p", "hint", root, data.words.hint);
    this.tools();
    this.grid = make("div", "grid", root);
    this.board = make("div", "keys", make("div", "board", root));
    this.said = make("p", "said", root);
    this.said.setAttribute("aria-live", "polite");
    this.actOnGrid();
    this.fill();
  }

  within(low) {
    const [first, last] = [24, 84]; // C1 and C6: the grid stays on the piano
    return Math.max(first, Math.min(low, last));
  }

  tools() {
    const { data, root } = this;
    const bar = make("div", "tools", root);
    const lengths = make("div", "lengths", bar);
    lengths.setAttribute("role", "group");
    lengths.setAttribute("aria-label", data.words.length);
    this.lengths = data.lengths.map(({ steps, name }) => {
      const made = button("length", lengths, "", name, () => {
        this.steps = steps;
        this.fill();
      });
      made.append(noteSign(steps));
      return made;
    });
    button("", bar, data.words.rest, "", () => this.did(this.sketch.rest(this.steps) ? data.words.rest : this.refused()));
    button("undo", bar, data.words.undo, "", () => this.sketch.undo() && this.did(data.words.undo));
    button("clear", bar, data.words.clear, "", () => {
      if (this.sketch.notes.length) this.sketch.clear();
      this.did(data.words.nothing);
    });
    const octaves = make("div", "octaves", bar);
    button("", octaves, "8↓", data.words.lower, () => this.shift(-12));
    button("", octaves, "8↑", data.words.higher, () => this.shift(12));
    this.loud = button("loud", bar, data.words.sound, "", () => {
      this.silent = !this.silent;
      this.loud.setAttribute("aria-pressed", !this.silent);
    });
    this.loud.setAttribute("aria-pressed", "true");
  }

  shift(by) {
    this.low = this.within(this.low + by);
    this.cursor.pitch = Math.max(this.low, Math.min(this.cursor.pitch + by, this.low + SHOWN - 1));
    this.fill();
    this.say(`${this.data.names[this.low]} – ${this.data.names[this.low + SHOWN - 1]}`);
  }

  refused() {
    return this.sketch.end >= this.data.most ? this.data.words.full : this.data.words.nothing;
  }

  // -- the grid ---------------------------------------------------------------------------------

  cell(event) {
    const { left, top, width, height } = this.sheet.getBoundingClientRect();
    const step = Math.floor(((event.clientX - left) / width) * this.data.most);
    const row = Math.floor(((event.clientY - top) / height) * SHOWN);
    return {
      step: Math.max(0, Math.min(step, this.data.most - 1)),
      pitch: this.low + SHOWN - 1 - Math.max(0, Math.min(row, SHOWN - 1)),
    };
  }

  actOnGrid() {
    const { grid, data } = this;
    grid.tabIndex = 0;
    grid.setAttribute("role", "application");
    grid.setAttribute("aria-label", data.words.roll);
    grid.onkeydown = (event) => this.key(event);
    grid.onpointerdown = (event) => {
      if (event.button || !event.target.closest(".sheet")) return;
      const { step, pitch } = this.cell(event);
      this.cursor = { step, pitch };
      const there = this.sketch.at(step);
      if (there?.pitch === pitch) return this.takeAway(there);
      this.drag = this.write(step, pitch);
      grid.setPointerCapture(event.pointerId);
    };
    grid.onpointermove = (event) => {
      if (!this.drag) return;
      const wanted = Math.max(this.cell(event).step - this.drag.at + 1, 1);
      if (wanted === this.drag.steps || (wanted < this.steps && !this.drag.dragged)) return;
      this.drag = Object.assign(this.sketch.stretch(this.drag, wanted, true), { dragged: true });
      this.fill();
    };
    grid.onpointerup = () => {
      if (this.drag?.dragged) this.did(this.words(this.drag));
      this.drag = null;
    };
    grid.onpointercancel = () => {
      if (this.drag && this.sketch.undo()) this.did(data.words.undo); // the finger scrolls the page
      this.drag = null;
    };
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { cursor, sketch, data } = this;
    const there = sketch.at(cursor.step);
    const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const upwards = { ArrowUp: 1, ArrowDown: -1, PageUp: 12, PageDown: -12 }[event.key];
    if (event.shiftKey && sideways && there) {
      this.did(this.words(sketch.stretch(there, there.steps + sideways)));
    } else if (sideways) {
      cursor.step = Math.max(0, Math.min(cursor.step + sideways, data.most - 1));
      this.look();
    } else if (upwards) {
      const wanted = Math.max(data.lowest, Math.min(cursor.pitch + upwards, data.highest));
      if (wanted < this.low) this.low = this.within(this.low - 12);
      if (wanted > this.low + SHOWN - 1) this.low = this.within(this.low + 12);
      cursor.pitch = Math.max(this.low, Math.min(wanted, this.low + SHOWN - 1));
      this.look();
    } else if (event.key === "Enter" || event.key === " ") {
      if (there?.pitch === cursor.pitch) this.takeAway(there);
      else this.write(cursor.step, cursor.pitch);
    } else if (["Delete", "Backspace"].includes(event.key)) {
      if (there) this.takeAway(there);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  look() {
    const { cursor, data } = this;
    const there = this.sketch.at(cursor.step);
    this.fill();
    const what = there?.pitch === cursor.pitch ? this.words(there) : data.words.empty;
    this.say(`${data.names[cursor.pitch]}, ${data.words.step} ${cursor.step + 1} ${data.words.of} ${data.most}: ${what}`);
  }

  write(step, pitch) {
    const made = this.sketch.write(step, this.steps, pitch);
    this.sound(pitch);
    this.did(this.words(made));
    return made;
  }

  takeAway(note) {
    const words = this.words(note);
    this.sketch.remove(note);
    this.did(`${words} ${this.data.words.taken}`);
  }

  sound(pitch) {
    if (!this.silent) this.tone.play(pitch);
  }

  // -- the keyboard -----------------------------------------------------------------------------

  press(pitch) {
    this.sound(pitch);
    const made = this.sketch.append(this.steps, pitch);
    if (made) this.cursor = { step: Math.min(this.sketch.end, this.data.most - 1), pitch };
    this.did(made ? this.words(made) : this.data.words.full);
  }

  fillBoard() {
    const { board, data } = this;
    if (this.boarded === this.low) return;
    this.boarded = this.low;
    board.replaceChildren();
    board.setAttribute("role", "toolbar");
    board.setAttribute("aria-label", data.words.keyboard);
    let white = 0;
    const keys = [];
    for (let pitch = this.low; pitch < this.low + SHOWN; pitch++) {
      const key = button(isBlack(pitch) ? "piano black" : "piano", board, "", data.names[pitch], () => this.press(pitch));
      key.style.setProperty("--at", white);
      if (!isBlack(pitch)) white += 1;
      if (pitch % 12 === 0) make("span", "", key, data.names[pitch]);
      key.tabIndex = keys.length ? -1 : 0;
      keys.push(key);
    }
    board.style.setProperty("--white", white);
    board.onkeydown = (event) => {
      const here = keys.indexOf(document.activeElement);
      const moves = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, Home: 0, End: keys.length - 1 };
      if (here < 0 || !(event.key in moves)) return;
      const next = keys[Math.max(0, Math.min(moves[event.key], keys.length - 1))];
      for (const key of keys) key.tabIndex = key === next ? 0 : -1;
      next.focus();
      event.preventDefault();
      event.stopPropagation();
    };
  }

  // -- what is seen and said --------------------------------------------------------------------

  words(note) {
    const { data } = this;
    const length = data.lengths.find(({ steps }) => steps === note.steps)?.name ?? `${note.steps} × ${data.lengths[0].name}`;
    return `${data.names[note.pitch]} ${length}`;
  }

  say(text) {
    this.said.textContent = text;
  }

  did(text) {
    this.fill();
    this.say(text);
    clearTimeout(this.waiting);
    // A moment's rest, so that a page is not drawn anew for every note of a quick hand.
    this.waiting = setTimeout(() => this.root.isConnected && this.tell(this.sketch.tokens()), 350);
  }

  fill() {
    const { data, sketch, grid, cursor } = this;
    this.lengths.forEach((one, at) => one.setAttribute("aria-pressed", data.lengths[at].steps === this.steps));
    this.fillBoard();
    grid.replaceChildren();
    grid.style.setProperty("--keys", SHOWN);
    grid.style.setProperty("--steps", data.most);
    const names = make("div", "names", grid);
    this.sheet = make("div", "sheet", grid);
    for (let row = 0; row < SHOWN; row++) {
      const pitch = this.low + SHOWN - 1 - row;
      if (pitch % 12 === 0) make("span", "", names, data.names[pitch]).style.setProperty("--row", row);
      if (!isBlack(pitch) && pitch % 12) continue;
      make("i", isBlack(pitch) ? "dark" : "c", this.sheet).style.setProperty("--row", row);
    }
    for (let step = 1; step < data.most; step++) {
      make("i", step % 8 ? (step % 2 ? "step" : "step beat") : "step bar", this.sheet).style.setProperty("--at", step);
    }
    const place = (element, at, steps, pitch) => {
      element.style.setProperty("--at", at);
      element.style.setProperty("--wide", steps);
      element.style.setProperty("--row", this.low + SHOWN - 1 - pitch);
    };
    for (const note of sketch.notes) {
      const off = note.pitch < this.low ? "under" : note.pitch >= this.low + SHOWN ? "over" : "";
      const drawn = make("i", `drawn ${off}`, this.sheet);
      place(drawn, note.at, note.steps, Math.max(this.low, Math.min(note.pitch, this.low + SHOWN - 1)));
      if (!off) make("b", "", drawn, data.names[note.pitch]);
    }
    if (sketch.end < data.most && sketch.notes.length) make("i", "next", this.sheet).style.setProperty("--at", sketch.end);
    place(make("i", "cursor", this.sheet), cursor.step, 1, cursor.pitch);
    const text = sketch.notes.map((note) => this.words(note)).join(", ");
    grid.setAttribute("aria-description", text || data.words.nothing);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".draw");
  if (!root || !data) return;
  root.drawing ??= new Drawing(root, data, (tokens) => setStateValue("tokens", tokens));
  root.drawing.tell = (tokens) => setStateValue("tokens", tokens);
  return () => root.drawing.tone.close();
}
