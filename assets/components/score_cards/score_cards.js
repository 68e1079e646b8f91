// Melodies as cards: a score and a piano roll under one play-head. The roll is one stop for the Tab
// key: arrow keys go from note to note and say each, space plays, brackets and L loop.

function fillKey(key, { tint, cards, words }) {
  key.replaceChildren();
  if (tint) {
    make("b", "", key, tint.name);
    make("span", "", key, tint.low);
    const ramp = make("span", "ramp", key);
    ramp.setAttribute("aria-hidden", "true");
    for (const v of [0, 0.25, 0.5, 0.75, 1]) make("i", "", ramp).style.setProperty("--v", v);
    make("span", "", key, tint.high);
    make("small", "", key, `${tint.about} · ${words.keys}`);
  }
  const sign = (name, text) => {
    const pair = make("span", "pair", key);
    make("i", name, pair).setAttribute("aria-hidden", "true");
    make("small", "", pair, text);
  };
  if (cards.some((card) => card.given)) sign("given", words.given);
  if (cards.some((card) => card.motifs.length)) sign("motif", words.motifs);
}

// What holds for all cards: whether the next tune follows, whether a bar is counted in, how loud the
// chords are.
function fillTools(tools, { words, cards, next }) {
  tools.replaceChildren();
  const tick = (name, text) => {
    const label = make("label", "", tools);
    const box = make("input", name, label);
    Object.assign(box, { type: "checkbox", checked: room[name] });
    box.onchange = () => (room[name] = box.checked);
    label.append(text);
  };
  if (next || cards.length > 1) tick("playOn", words.playOn);
  tick("countIn", words.countIn);
  if (!cards.some((card) => card.chords)) return;
  const label = make("label", "", tools, words.chords);
  const slider = make("input", "level", label);
  const share = make("output", "", label);
  Object.assign(slider, { type: "range", min: 0, max: 100, step: 5, value: Math.round(100 * room.level) });
  const tell = () => (share.textContent = `${slider.value}%`);
  slider.oninput = () => {
    room.level = slider.value / 100;
    room.player?.level();
    tell();
  };
  tell();
}

class Card {
  constructor(article, card, data, number, acts, before) {
    Object.assign(this, { article, card, data });
    article.replaceChildren();
    article.classList.toggle("pinned", card.pinned);
    const head = make("div", "top", article);
    this.button = make("button", "play", head);
    this.button.type = "button";
    const words = make("div", "", head);
    const title = make("p", "title", words, card.title);
    title.id = `melody-${number}`;
    article.setAttribute("aria-labelledby", title.id);
    const line = make("p", "line", words);
    this.clock = make("span", "clock", line);
    const room = make("span", "told", line);
    room.setAttribute("aria-hidden", "true"); // the roll says it
    // Unseen, all that may be told stands behind it, so that the card is always as high.
    for (const words of new Set(card.notes.map((_note, at) => this.told(at)))) make("i", "", room).dataset.told = words;
    this.readout = make("span", "readout", room);
    this.where = make("p", "where line", words);
    this.where.setAttribute("aria-hidden", "true");
    this.score = make("div", "score", article);
    this.mark = make("i", "head", this.score);
    this.roll = make("div", "roll", article);
    this.drawn = drawRoll(this.roll, card, data.tint);
    this.ring = make("i", "loop", this.drawn.field);
    this.under(acts);
    const heard = before?.card.sound === card.sound && before.card.chords === card.chords;
    this.player = heard ? before.player : new Player();
    if (before) this.player.bars = before.player.bars;
    this.player.serve(article, card, (time, trouble) => this.show(time, trouble), () => acts.over(article));
    this.act();
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(article);
    this.show(0);
    if (heard) this.player.tick();
    else if (before) this.player.follow(before.player);
    this.ringed();
  }

  // What stands under the roll.
  under(acts) {
    const { article, card, data } = this;
    const row = make("div", "acts", article);
    const button = (name, label, act) => {
      const made = make("button", name, row, label);
      made.type = "button";
      made.setAttribute("aria-label", `${label}: ${card.title}`);
      made.onclick = act;
      return made;
    };
    this.loop = button("turn", data.words.loop, () => this.turn());
    this.looped = make("span", "looped", row);
    this.looped.setAttribute("role", "status");
    if (data.keep) button("keep", card.pinned ? data.words.unpin : data.words.pin, () => acts.pin(card.id));
    const remarks = make("ul", "remarks", article);
    for (const remark of card.remarks) make("li", "", remarks, remark);
    const more = make("details", "words", article);
    make("summary", "", more, data.words.words);
    make("p", "", more, card.spoken.join(", "));
    if (card.motifs.length) {
      const list = make("ul", "", more);
      for (const motif of card.motifs) make("li", "", list, motif.about);
    }
    if (data.action && !card.pinned) button("choose", data.action, () => acts.choose(card.id));
    article.append(row);
  }

  act() {
    const { roll, card, player, score } = this;
    this.button.onclick = () => {
      const other = room.player;
      // Before and after have one play-head: the one goes on where the other was.
      if (other !== player && other?.playing && card.pinned !== other.card.pinned) player.follow(other);
      else player.toggle();
    };
    roll.tabIndex = 0;
    roll.setAttribute("role", "slider");
    roll.setAttribute("aria-label", `${card.title}. ${this.data.words.roll}`);
    roll.setAttribute("aria-valuemin", 0);
    roll.setAttribute("aria-valuemax", card.seconds.toFixed(1));
    roll.onkeydown = (event) => this.key(event);
    this.drag();
    const over = (at) => this.tell(at);
    this.drawn.notes.forEach((note, at) => (note.onpointerenter = () => over(at)));
    roll.onpointerleave = () => over(-1);
    score.onpointerover = ({ target }) => over(Number(target.closest("[data-note]")?.dataset.note ?? -1));
    score.onpointerleave = () => over(-1);
    score.onclick = ({ target }) => {
      const found = target.closest("[data-note]");
      if (found) this.go(this.nearest(Number(found.dataset.note)));
    };
  }

  // A written note sounds once or twice; of these, the one nearest to the play-head.
  nearest(written) {
    const far = (note) => Math.abs(note.start - this.player.time);
    const sounding = this.card.notes.filter((note) => note.written === written);
    return sounding.reduce((one, other) => (far(other) < far(one) ? other : one)).start;
  }

  // A press on the roll goes there; a drag over bars loops them.
  drag() {
    const { field } = this.drawn;
    const { card } = this;
    const timeAt = ({ clientX }) => {
      const { left, width } = field.getBoundingClientRect();
      return Math.max(0, Math.min(1, (clientX - left) / width)) * card.seconds;
    };
    const barAt = (event) => Math.max(0, begunAt(card.bars, timeAt(event) - 2e-3));
    let began = null;
    field.onpointerdown = (event) => (began = event.button ? null : { x: event.clientX, bar: barAt(event) });
    field.onpointermove = (event) => {
      if (!began || (!began.bars && Math.abs(event.clientX - began.x) < 8)) return;
      field.setPointerCapture(event.pointerId);
      began.bars = [began.bar, barAt(event)].sort((one, other) => one - other);
      this.ringed(began.bars);
    };
    field.onpointerup = (event) => {
      if (began?.bars) this.turn(began.bars);
      else if (began) this.go(timeAt(event));
      began = null;
    };
    field.onpointercancel = () => {
      began = null;
      this.ringed();
    };
  }

  // Loops these bars; without any, the loop ends, or begins over the bars before or the whole tune.
  turn(bars) {
    const { player } = this;
    const whole = [0, this.card.bars.length - 1];
    const chosen = bars === undefined ? (player.bars ? null : (this.last ?? whole)) : bars;
    if (chosen) this.last = chosen;
    player.looped = chosen;
    this.ringed();
  }

  // Shows the bars of the loop on roll and score.
  ringed(bars = this.player.bars) {
    const { card, data, score } = this;
    for (const ring of score.querySelectorAll(".loop")) ring.remove();
    this.ring.hidden = !bars;
    this.loop.setAttribute("aria-pressed", Boolean(bars));
    this.looped.textContent = "";
    if (!bars) return;
    const [first, last] = bars;
    const [start, end] = [card.bars[first].start, card.bars[last + 1]?.start ?? card.seconds];
    along(this.ring, start, end, card.seconds || 1);
    this.looped.textContent = data.words[first === last ? "oneBar" : last - first + 1 === card.bars.length ? "whole" : "bars"].replace("{first}", card.bars[first].short).replace("{last}", card.bars[last].short);
    const lines = Map.groupBy((this.places ?? []).filter(({ time }) => time > start - 1e-3 && time < end - 1e-3), ({ system }) => system);
    for (const places of lines.values()) {
      const [left, right] = [Math.min(...places.map((place) => place.left)) - 4, Math.max(...places.map((place) => place.to)) - 6];
      const { top, bottom } = places[0];
      Object.assign(make("i", "loop", score).style, { left: `${left}px`, width: `${right - left}px`, top: `${top - 8}px`, height: `${bottom - top + 16}px` });
    }
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { notes } = this.card;
    const here = noteAt(notes, this.player.time, true);
    const begun = here >= 0 && this.player.time - notes[here].start > 0.05;
    const bar = Math.max(0, begunAt(this.card.bars, this.player.time));
    const [first, last] = this.player.bars ?? [0, this.card.bars.length - 1];
    const loops = { "[": [bar, Math.max(bar, last)], "]": [Math.min(bar, first), bar], l: undefined, L: undefined, Escape: null };
    const steps = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: begun ? here : here - 1, ArrowDown: begun ? here : here - 1, Home: 0, End: notes.length - 1 };
    if (event.key === " ") this.player.toggle();
    else if (event.key in loops && (loops[event.key] !== null || this.player.bars)) this.turn(loops[event.key]);
    else if (event.key in steps && notes.length) {
      // A hair into the note: a file's own clock may round its beginning down into the one before.
      this.go(notes[Math.max(0, Math.min(notes.length - 1, steps[event.key]))].start + 1e-3);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(time) {
    this.player.seek(time);
    this.say();
  }

  // What is told of a note: its name and length, its number, the brackets it stands under.
  told(at) {
    const note = this.card.notes[at];
    if (!note) return "";
    const parts = [note.words];
    if (note.value !== null) parts.push(`${this.data.tint.name} ${note.value.toFixed(2)}`);
    for (const motif of this.card.motifs) if (motif.start < note.end - 1e-6 && motif.end > note.start + 1e-6) parts.push(motif.about);
    return parts.join(" · ");
  }

  tell(at) {
    this.hovered = at;
    this.readout.textContent = this.told(at < 0 ? this.shown : at);
  }

  bar(time) {
    return this.card.bars[Math.max(0, begunAt(this.card.bars, time))].name;
  }

  say() {
    const { card, player, data } = this;
    const at = noteAt(card.notes, player.time);
    const what = at < 0 ? data.words.rest : this.told(at);
    this.roll.setAttribute("aria-valuenow", player.time.toFixed(1));
    this.roll.setAttribute("aria-valuetext", `${what}, ${this.bar(player.time)}, ${clock(player.time)} ${data.words.of} ${clock(card.seconds)}`);
  }

  show(time, trouble) {
    const { card, data, player } = this;
    const playing = Boolean(player?.playing);
    if (this.playing !== playing) {
      this.playing = playing;
      this.article.classList.toggle("playing", playing);
      this.button.setAttribute("aria-label", `${playing ? data.words.pause : data.words.play}: ${card.title}`);
      if (player) this.say();
    }
    const clocks = `${clock(time)} / ${clock(card.seconds)}`;
    if (this.clock.textContent !== clocks) this.clock.textContent = clocks;
    const bar = this.bar(time);
    if (this.where.textContent !== bar) this.where.textContent = bar;
    this.time = time;
    const at = time > 0 || playing ? noteAt(card.notes, time) : -1;
    if (at !== this.shown) {
      for (const [one, on] of [[this.shown, false], [at, true]]) this.light(one, on);
      this.shown = at;
      if (!(this.hovered >= 0)) this.readout.textContent = this.told(at);
    }
    if (trouble) this.readout.textContent = data.words[trouble];
    const stands = stepped(card.notes, time);
    this.drawn.head.style.left = percent(stands / (card.seconds || 1));
    this.article.classList.toggle("begun", time > 0 || playing);
    if (!this.places?.length) return;
    const place = placeAt(this.places, stands, card.seconds);
    this.mark.style.transform = `translate(${place.x.toFixed(1)}px, ${(place.top - 8).toFixed(1)}px)`;
    this.mark.style.height = `${(place.bottom - place.top + 16).toFixed(1)}px`;
  }

  light(at, on) {
    if (!(at >= 0)) return;
    this.drawn.notes[at].classList.toggle("sounding", on);
    for (const sign of this.score.querySelectorAll(`[data-note="${this.card.notes[at].written}"]`)) sign.classList.toggle("sounding", on);
  }

  // The score that was engraved for about this width, drawn as wide as the card.
  fit() {
    const room = this.score.clientWidth;
    if (!room) return;
    const wanted = this.card.scores.findLast((one) => one.width <= room * 1.15) ?? this.card.scores[0];
    if (wanted !== this.engraved) {
      this.engraved = wanted;
      const svg = document.importNode(new DOMParser().parseFromString(wanted.svg, "image/svg+xml").documentElement, true);
      svg.setAttribute("viewBox", `0 0 ${wanted.width} ${wanted.height}`);
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      svg.style.maxWidth = `${wanted.width * 1.25}px`;
      this.score.querySelector("svg")?.remove();
      this.score.prepend(svg);
      for (const sign of svg.querySelectorAll("[data-note]")) {
        const { value } = this.card.notes.find(({ written }) => written === Number(sign.dataset.note));
        if (value !== null) sign.style.setProperty("--v", strength(value, this.data.tint));
        sign.classList.toggle("valued", value !== null);
      }
      this.light(this.shown, true);
    }
    this.places = placesIn(this.score, this.card.notes);
    this.ringed();
    this.show(this.player.time);
  }

  close() {
    this.watch.disconnect();
    if (this.player.card === this.card) this.player.close(); // else another card has it
  }
}

let cards = 0; // drawn so far, so that ids differ

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".melodies");
  if (!root || !data) return;
  fillKey(root.querySelector(".melody-key"), data);
  const tools = [...data.cards.map((card) => Boolean(card.chords)), data.next].join();
  if (root.tools !== tools) fillTools(root.querySelector(".melody-tools"), data);
  root.tools = tools;
  const box = root.querySelector(".cards");
  box.classList.toggle("one", data.cards.length === 1);
  const old = new Map([...box.children].map((article) => [article.card.card.stamp, article]));
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [[...box.children].indexOf(focused.closest(".card")), focused.className];
  const acts = {
    choose: (id) => setTriggerValue("chosen", id),
    pin: (id) => setTriggerValue("pinned", id),
    over: (article) => {
      const next = article.nextElementSibling;
      if (next) return next.card.player.start(0);
      if (!data.next) return;
      room.goesOn = data.name;
      setTriggerValue("next", true);
    },
  };
  let fresh = false;
  const wanted = data.cards.map((card) => {
    const kept = old.get(card.stamp);
    old.delete(card.stamp);
    if (kept && root.action === data.action) return kept;
    const before = kept ?? [...old.values()].find((article) => sameTune(article.card.card, card));
    const article = make("article", "card");
    article.card = new Card(article, card, data, ++cards, acts, before?.card);
    before?.card.close();
    fresh ||= !before && !card.pinned;
    return article;
  });
  root.action = data.action;
  for (const article of old.values()) article.card.close();
  if (wanted.some((article, at) => box.children[at] !== article) || wanted.length !== box.children.length) {
    box.replaceChildren(...wanted);
    // The card that had the focus keeps it when it is drawn again.
    if (place && !box.contains(focused)) box.children[place[0]]?.getElementsByClassName(place[1])[0]?.focus();
  }
  if (fresh && room.goesOn === data.name) {
    room.goesOn = "";
    if (room.playOn) wanted.find((article) => !article.card.card.pinned)?.card.player.start(0);
  }
  return () => {
    for (const article of box.children) article.card.close();
  };
}
