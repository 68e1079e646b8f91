// Melodies as cards: a score and a piano roll under one play-head. The roll is one stop for the Tab
// key: arrow keys go from note to note and say each, space plays.

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

class Card {
  constructor(article, card, data, number, choose, before) {
    Object.assign(this, { article, card, data });
    article.replaceChildren();
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
    this.score = make("div", "score", article);
    this.mark = make("i", "head", this.score);
    this.roll = make("div", "roll", article);
    this.drawn = drawRoll(this.roll, card, data.tint);
    this.under(choose);
    this.player = new Player(article, card, (time, trouble) => this.show(time, trouble), before?.player);
    this.act();
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(article);
    this.show(0);
    if (before) this.player.follow(before.player);
  }

  // What stands under the roll.
  under(choose) {
    const { article, card, data } = this;
    const remarks = make("ul", "remarks", article);
    for (const remark of card.remarks) make("li", "", remarks, remark);
    const more = make("details", "words", article);
    make("summary", "", more, data.words.words);
    make("p", "", more, card.spoken.join(", "));
    if (card.motifs.length) {
      const list = make("ul", "", more);
      for (const motif of card.motifs) make("li", "", list, motif.about);
    }
    if (!data.action) return;
    const button = make("button", "choose", make("div", "acts", article), data.action);
    button.type = "button";
    button.setAttribute("aria-label", `${data.action}: ${card.title}`);
    button.onclick = () => choose(card.id);
  }

  act() {
    const { roll, card, player, score } = this;
    this.button.onclick = () => player.toggle();
    roll.tabIndex = 0;
    roll.setAttribute("role", "slider");
    roll.setAttribute("aria-label", `${card.title}. ${this.data.words.roll}`);
    roll.setAttribute("aria-valuemin", 0);
    roll.setAttribute("aria-valuemax", card.seconds.toFixed(1));
    roll.onkeydown = (event) => this.key(event);
    this.drawn.field.onclick = (event) => {
      const { left, width } = this.drawn.field.getBoundingClientRect();
      this.go(((event.clientX - left) / width) * card.seconds);
    };
    const over = (at) => this.tell(at);
    this.drawn.notes.forEach((note, at) => (note.onpointerenter = () => over(at)));
    roll.onpointerleave = () => over(-1);
    score.onpointerover = ({ target }) => over(Number(target.closest("[data-note]")?.dataset.note ?? -1));
    score.onpointerleave = () => over(-1);
    score.onclick = ({ target }) => {
      const found = target.closest("[data-note]");
      if (found) this.go(card.notes[Number(found.dataset.note)].start);
    };
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { notes } = this.card;
    const here = noteAt(notes, this.player.time, true);
    const begun = here >= 0 && this.player.time - notes[here].start > 0.05;
    const steps = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: begun ? here : here - 1, ArrowDown: begun ? here : here - 1, Home: 0, End: notes.length - 1 };
    if (event.key === " ") this.player.toggle();
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

  say() {
    const { card, player, data } = this;
    const at = noteAt(card.notes, player.time);
    const what = at < 0 ? data.words.rest : this.told(at);
    this.roll.setAttribute("aria-valuenow", player.time.toFixed(1));
    this.roll.setAttribute("aria-valuetext", `${what}, ${clock(player.time)} ${data.words.of} ${clock(card.seconds)}`);
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
    for (const sign of this.score.querySelectorAll(`[data-note="${at}"]`)) sign.classList.toggle("sounding", on);
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
        const { value } = this.card.notes[Number(sign.dataset.note)];
        if (value !== null) sign.style.setProperty("--v", strength(value, this.data.tint));
        sign.classList.toggle("valued", value !== null);
      }
      this.light(this.shown, true);
    }
    this.places = placesIn(this.score, this.card.notes);
    this.show(this.player.time);
  }

  close() {
    this.watch.disconnect();
    this.player.close();
  }
}

let cards = 0; // drawn so far, so that ids differ

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".melodies");
  if (!root || !data) return;
  fillKey(root.querySelector(".melody-key"), data);
  const box = root.querySelector(".cards");
  box.classList.toggle("one", data.cards.length === 1);
  const old = new Map([...box.children].map((article) => [article.card.card.stamp, article]));
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [[...box.children].indexOf(focused.closest(".card")), focused.className];
  const wanted = data.cards.map((card) => {
    const kept = old.get(card.stamp);
    old.delete(card.stamp);
    if (kept && root.action === data.action) return kept;
    const before = kept ?? [...old.values()].find((article) => sameTune(article.card.card, card));
    const article = make("article", "card");
    article.card = new Card(article, card, data, ++cards, (id) => setTriggerValue("chosen", id), before?.card);
    before?.card.close();
    return article;
  });
  root.action = data.action;
  for (const article of old.values()) article.card.close();
  if (wanted.some((article, at) => box.children[at] !== article) || wanted.length !== box.children.length) {
    box.replaceChildren(...wanted);
    // The card that had the focus keeps it when it is drawn again.
    if (place && !box.contains(focused)) box.children[place[0]]?.getElementsByClassName(place[1])[0]?.focus();
  }
  return () => {
    for (const article of box.children) article.card.close();
  };
}
