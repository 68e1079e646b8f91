// One melody's sound, and the line that follows it through the score. Nothing plays by itself, and
// whatever else on the page begins to play silences it.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class Player {
  // `before` played the same tune on a card that this one takes the place of.
  constructor(parent, card, show, before) {
    this.card = card;
    this.show = show;
    const heard = before?.card.sound === card.sound;
    this.audio = heard ? before.audio : document.createElement("audio");
    this.url = heard ? before.url : "";
    this.audio.preload = "none";
    this.ended = new AbortController();
    const { signal } = this.ended;
    const others = ({ target }) => target !== this.audio && this.audio.pause();
    document.addEventListener("play", others, { capture: true, signal }); // it does not bubble
    for (const event of ["play", "pause", "ended", "seeked"]) this.audio.addEventListener(event, () => this.tick(), { signal });
    if (heard) before.leave();
    parent.append(this.audio);
  }

  // Goes on from where a card with the same tune is: what its notes say has changed, or its sound.
  follow(before) {
    if (this.audio !== before.audio && before.time > 0) {
      const { playing } = before;
      before.audio.pause();
      this.seek((before.time / (before.card.seconds || 1)) * this.card.seconds);
      if (playing) this.toggle();
    }
    this.tick();
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  get time() {
    return Math.min(this.audio.currentTime, this.card.seconds);
  }

  // The bytes become a file of the browser's own when they are first wanted.
  load() {
    if (this.url) return;
    const bytes = Uint8Array.from(atob(this.card.sound), (letter) => letter.charCodeAt(0));
    this.url = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
    this.audio.src = this.url;
  }

  toggle() {
    if (this.playing) return this.audio.pause();
    this.load();
    if (this.audio.ended || this.time >= this.card.seconds) this.audio.currentTime = 0;
    this.audio.play().catch((error) => this.show(this.time, error.name === "AbortError" ? "" : "silent"));
  }

  seek(time) {
    this.load();
    this.audio.currentTime = Math.max(0, Math.min(time, this.card.seconds));
    this.tick();
  }

  tick() {
    cancelAnimationFrame(this.frame);
    this.show(this.time);
    if (this.playing) this.frame = requestAnimationFrame(() => this.tick());
  }

  // Another has taken the audio over.
  leave() {
    this.ended.abort();
    cancelAnimationFrame(this.frame);
    this.left = true;
  }

  close() {
    if (this.left) return;
    this.leave();
    this.audio.pause();
    this.audio.removeAttribute("src");
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
  }
}

// Whether two cards hold the same notes, at whatever tempo and on whatever instrument.
function sameTune(one, other) {
  const told = ({ notes, seconds }) => notes.map(({ start, end, pitch }) => [pitch, (start / seconds).toFixed(4), (end / seconds).toFixed(4)]).join();
  return one.id === other.id && told(one) === told(other);
}

// The note that sounds, or -1; `latest` takes the last that began.
function noteAt(notes, time, latest) {
  const at = notes.findLastIndex((note) => note.start <= time + 1e-3);
  return latest || at < 0 || notes[at].end > time ? at : -1;
}

// With less motion the line stands at the note that sounds and steps on with the next.
function stepped(notes, time) {
  const at = STILL.matches ? noteAt(notes, time, true) : -1;
  return at < 0 ? time : notes[at].start;
}

// Where every note stands in the engraved score, and the staff it stands on.
function placesIn(box, notes) {
  const outer = box.getBoundingClientRect();
  const inside = (rect) => ({ left: rect.left - outer.left, right: rect.right - outer.left, top: rect.top - outer.top, bottom: rect.bottom - outer.top });
  return notes.map((note, at) => {
    const group = box.querySelector(`[data-note="${at}"]`);
    const head = group?.querySelector(".notehead");
    const system = group?.closest(".system");
    if (!head || !system) return null;
    const lines = [...system.querySelectorAll(".staff > path")].map((path) => inside(path.getBoundingClientRect()));
    const { left, right } = inside(head.getBoundingClientRect());
    return {
      time: note.start, x: (left + right) / 2, system,
      top: Math.min(...lines.map((line) => line.top)), bottom: Math.max(...lines.map((line) => line.bottom)),
      edge: Math.max(...lines.map((line) => line.right)),
    };
  }).filter(Boolean);
}

// Between two notes of a line it moves evenly; after a line's last note it runs to the line's end.
function placeAt(places, time, seconds) {
  const at = Math.max(0, places.findLastIndex((place) => place.time <= time));
  const [here, next] = [places[at], places[at + 1]];
  const [end, x] = next ? [next.time, next.system === here.system ? next.x : here.edge] : [seconds, here.edge];
  const share = Math.max(0, Math.min(1, (time - here.time) / (end - here.time || 1)));
  return { x: here.x + share * (x - here.x), top: here.top, bottom: here.bottom };
}
