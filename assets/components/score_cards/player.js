// One melody's sound and its accompaniment, in step because one clock starts both; and the line
// that follows it through the score. Nothing plays by itself, and whatever else on the page begins
// to play silences it.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const JOINT = 0.008; // seconds in which the end of a loop fades into what stands before its beginning

// What all cards of the page share: the clock, what sounds now, and what the listener chose.
// `goesOn` is the component that plays on when its next tunes come.
const room = (window.melodyRoom ??= { context: null, player: null, playOn: false, countIn: false, level: 0.4, goesOn: "" });

// The sound of a WAV file as our server writes it: 44 bytes of header, one channel of 16 bits.
function decoded(sound) {
  const letters = atob(sound);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = letters.charCodeAt(at);
  const values = new Int16Array(bytes.buffer, 44);
  const wave = new Float32Array(values.length);
  for (let at = 0; at < wave.length; at++) wave[at] = values[at] / 32768;
  return { wave, rate: new DataView(bytes.buffer).getUint32(24, true) };
}

// The sound for one playing; at the joint of a loop nothing jumps.
function bufferOf(context, { wave, rate }, loop) {
  const buffer = context.createBuffer(1, wave.length, rate);
  buffer.copyToChannel(wave, 0);
  if (!loop) return buffer;
  const [start, end] = loop.map((time) => Math.round(time * rate));
  const channel = buffer.getChannelData(0);
  const length = Math.min(Math.round(JOINT * rate), end - start);
  for (let at = -length; at < 0; at++) {
    const share = (at + length + 1) / length;
    channel[end + at] = wave[end + at] * (1 - share) + (wave[start + at] ?? 0) * share;
  }
  return buffer;
}

class Player {
  constructor() {
    this.at = 0; // seconds, while nothing sounds
    this.bars = null; // the first and the last bar of the loop, or null
    this.decoded = new Map();
  }

  // The card that it plays for; a card that is drawn anew takes over what sounds.
  serve(article, card, show, over) {
    Object.assign(this, { article, card, show, over });
    this.ended?.abort();
    this.ended = new AbortController();
    const others = ({ target }) => target !== this.article && this.pause();
    document.addEventListener("play", others, { capture: true, signal: this.ended.signal });
  }

  // Goes on from where another tune is, or this one on another instrument, and as it was.
  follow(before) {
    const time = (before.time / (before.card.seconds || 1)) * this.card.seconds;
    const { playing } = before;
    before.pause();
    this.at = time;
    if (playing) this.start(time);
    this.tick();
  }

  get playing() {
    return Boolean(this.sounding);
  }

  get time() {
    if (!this.sounding) return this.at;
    const { context } = room;
    const { from, begins, loop } = this.sounding;
    const time = from + Math.max(0, context.currentTime - (context.outputLatency || 0) - begins);
    if (loop && time >= loop[1]) return loop[0] + ((time - loop[0]) % (loop[1] - loop[0]));
    return Math.min(time, this.card.seconds);
  }

  // The loop in seconds, on whole samples so that the clock never leaves the sound.
  get loop() {
    if (!this.bars) return null;
    const { bars, seconds } = this.card;
    const [first, last] = this.bars;
    const { rate } = this.samples(this.card.sound);
    return [bars[first].start, bars[last + 1]?.start ?? seconds].map((time) => Math.round(time * rate) / rate);
  }

  set looped(bars) {
    this.bars = bars;
    if (this.playing) this.start(this.time);
    else this.tick();
  }

  // The bytes become numbers when they are first wanted.
  samples(sound) {
    if (!this.decoded.has(sound)) this.decoded.set(sound, decoded(sound));
    return this.decoded.get(sound);
  }

  // Lets melody and chords sound in a context, from a place of the tune on, so many seconds after all
  // is ready: what takes long comes before the clock is read.
  wire(context, from, loop, ahead) {
    const level = this.card.chords ? room.level : 0;
    const parts = [[this.card.sound, 1], [this.card.chords, level]].filter(([sound]) => sound).map(([sound, share]) => {
      const source = context.createBufferSource();
      source.buffer = bufferOf(context, this.samples(sound), loop);
      if (loop) [source.loop, source.loopStart, source.loopEnd] = [true, ...loop];
      const gain = context.createGain();
      gain.gain.value = share / (1 + level); // both together are never too loud
      source.connect(gain).connect(context.destination);
      return { source, gain };
    });
    const begins = context.currentTime + ahead;
    for (const { source } of parts) source.start(begins, from);
    return { from, loop, begins, parts };
  }

  // Clicks of one bar, the first of them higher.
  clicks(context, when) {
    return Array.from({ length: this.card.beats }, (_beat, at) => {
      const source = context.createOscillator();
      const gain = context.createGain();
      const begins = when + at * this.card.beat;
      source.frequency.value = at ? 1000 : 1500;
      gain.gain.setValueAtTime(0.35, begins);
      gain.gain.exponentialRampToValueAtTime(1e-3, begins + 0.06);
      source.connect(gain).connect(context.destination);
      source.start(begins);
      source.stop(begins + 0.07);
      return { source, gain };
    });
  }

  start(from, counted) {
    if (!window.AudioContext) return this.show(this.time, "silent");
    this.article.dispatchEvent(new Event("play")); // silences whatever else plays
    this.silence();
    const context = (room.context ??= new AudioContext({ latencyHint: "playback" }));
    context.resume();
    const { loop } = this;
    if (from >= (loop?.[1] ?? this.card.seconds) - 1e-3) from = loop?.[0] ?? 0;
    const bar = counted ? this.card.beats * this.card.beat : 0;
    this.sounding = this.wire(context, from, loop, bar + 0.05);
    const { parts, begins } = this.sounding;
    if (counted) parts.push(...this.clicks(context, begins - bar));
    room.player = this;
    parts[0].source.onended = () => this.finish();
    this.tick();
  }

  // A change of the chords' level is heard at once.
  level() {
    const level = this.card.chords ? room.level : 0;
    this.sounding?.parts.slice(0, 2).forEach(({ gain }, at) => {
      if (!at || this.card.chords) gain.gain.setTargetAtTime((at ? level : 1) / (1 + level), room.context.currentTime, 0.02);
    });
  }

  silence() {
    for (const { source, gain } of this.sounding?.parts ?? []) {
      source.onended = null;
      source.stop();
      gain.disconnect();
    }
    this.sounding = null;
  }

  finish() {
    this.silence();
    this.at = this.card.seconds;
    this.tick();
    if (room.playOn) this.over(); // the clock runs on, so that a tab out of sight is not put to sleep
    else room.context.suspend();
  }

  pause() {
    if (!this.playing) return;
    this.at = this.time;
    this.silence();
    room.context.suspend();
    this.tick();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.start(this.at, room.countIn);
  }

  seek(time) {
    this.at = Math.max(0, Math.min(time, this.card.seconds));
    if (this.playing) this.start(this.at);
    else this.tick();
  }

  tick() {
    cancelAnimationFrame(this.frame);
    this.show(this.time);
    if (this.playing) this.frame = requestAnimationFrame(() => this.tick());
  }

  close() {
    this.pause();
    this.ended.abort();
    cancelAnimationFrame(this.frame);
  }
}

// Whether two cards hold the same notes, at whatever tempo and on whatever instrument.
function sameTune(one, other) {
  const told = ({ notes, seconds }) => notes.map(({ start, end, pitch }) => [pitch, (start / seconds).toFixed(4), (end / seconds).toFixed(4)]).join();
  return one.id === other.id && told(one) === told(other);
}

// The last that has begun at a time, of notes or of bars; -1 before all of them.
const begunAt = (things, time) => things.findLastIndex(({ start }) => start <= time + 1e-3);

// The note that sounds, or -1; `latest` takes the last that began.
function noteAt(notes, time, latest) {
  const at = begunAt(notes, time);
  return latest || at < 0 || notes[at].end > time ? at : -1;
}

// With less motion the line stands at the note that sounds and steps on with the next.
function stepped(notes, time) {
  const at = STILL.matches ? noteAt(notes, time, true) : -1;
  return at < 0 ? time : notes[at].start;
}

// Where every note that is played stands in the engraved score, on which staff, and how far the line
// runs from it: to the note written after it, or to the end of its staff.
function placesIn(box, notes) {
  const outer = box.getBoundingClientRect();
  const inside = (rect) => ({ left: rect.left - outer.left, right: rect.right - outer.left, top: rect.top - outer.top, bottom: rect.bottom - outer.top });
  const placed = (at) => {
    const group = box.querySelector(`[data-note="${at}"]`);
    const head = group?.querySelector(".notehead");
    const system = group?.closest(".system");
    if (!head || !system) return null;
    const lines = [...system.querySelectorAll(".staff > path")].map((path) => inside(path.getBoundingClientRect()));
    const { left, right } = inside(head.getBoundingClientRect());
    return {
      x: (left + right) / 2, left, system,
      top: Math.min(...lines.map((line) => line.top)), bottom: Math.max(...lines.map((line) => line.bottom)),
      to: Math.max(...lines.map((line) => line.right)),
    };
  };
  const written = new Map(notes.map((note) => [note.written, null]));
  for (const at of written.keys()) written.set(at, placed(at));
  for (const [at, place] of written) {
    const next = written.get(at + 1);
    if (place && next?.system === place.system) place.to = next.x;
  }
  return notes.map((note) => written.get(note.written) && { time: note.start, ...written.get(note.written) }).filter(Boolean);
}

// Between two notes of a line it moves evenly; after a line's last note it runs to the line's end,
// and at a repeat it goes back.
function placeAt(places, time, seconds) {
  const at = Math.max(0, places.findLastIndex((place) => place.time <= time));
  const here = places[at];
  const end = places[at + 1]?.time ?? seconds;
  const share = Math.max(0, Math.min(1, (time - here.time) / (end - here.time || 1)));
  return { x: here.x + share * (here.to - here.x), top: here.top, bottom: here.bottom };
}
