// What is drawn: notes of one voice on steps of an eighth, with undo; and its tokens. No picture.

class Sketch {
  constructor(data) {
    this.data = data;
    this.notes = [];
    this.past = [];
    for (const [at, token] of data.start.entries()) {
      const last = this.notes.at(-1);
      if (token < data.hold) this.notes.push({ at, steps: 1, pitch: token + data.below });
      else if (token === data.hold && last && last.at + last.steps === at) last.steps += 1;
    }
    this.rests = 0; // after the last note
    this.rests = data.start.length - this.end;
  }

  get end() {
    const last = this.notes.at(-1);
    return (last ? last.at + last.steps : 0) + this.rests;
  }

  at(step) {
    return this.notes.find((note) => note.at <= step && step < note.at + note.steps);
  }

  keep() {
    this.past.push([this.notes.map((note) => ({ ...note })), this.rests]);
    if (this.past.length > 100) this.past.shift();
  }

  undo() {
    const before = this.past.pop();
    if (before) [this.notes, this.rests] = before;
    return Boolean(before);
  }

  clear() {
    this.keep();
    [this.notes, this.rests] = [[], 0];
  }

  // Writes a note; one that began earlier and reaches into it is cut, others under it go.
  write(at, steps, pitch) {
    this.keep();
    const end = Math.min(at + steps, this.data.most);
    const before = this.notes.filter((note) => note.at < at).map((note) => ({ ...note, steps: Math.min(note.steps, at - note.at) }));
    const after = this.notes.filter((note) => note.at >= end);
    const made = { at, steps: end - at, pitch };
    this.notes = [...before, made, ...after];
    this.rests = 0;
    return made;
  }

  // After all that is there; false where there is no room.
  append(steps, pitch) {
    if (this.end >= this.data.most) return null;
    return this.write(this.end, steps, pitch);
  }

  rest(steps) {
    if (!this.notes.length || this.end >= this.data.most) return false;
    this.keep();
    this.rests = Math.min(this.rests + steps, this.data.most - this.end + this.rests);
    return true;
  }

  remove(note) {
    this.keep();
    this.notes = this.notes.filter((one) => one !== note);
    this.rests = 0;
  }

  // Up to the next note, or to the end of the grid.
  stretch(note, steps, kept) {
    if (!kept) this.keep();
    const here = this.notes.find((one) => one.at === note.at);
    const next = this.notes.find((one) => one.at > note.at)?.at ?? this.data.most;
    here.steps = Math.max(1, Math.min(steps, next - here.at));
    return here;
  }

  tokens() {
    const { rest, hold, below } = this.data;
    const first = this.notes[0]?.at ?? 0;
    const made = Array(this.end - first).fill(rest);
    for (const note of this.notes) {
      made.fill(hold, note.at - first, note.at - first + note.steps);
      made[note.at - first] = note.pitch - below;
    }
    return made;
  }
}

// A short soft tone, so that a key that is pressed is heard. Made here, by the browser itself.
class Tone {
  play(pitch) {
    try {
      this.context ??= new AudioContext();
      const [now, context] = [this.context.currentTime, this.context];
      const [sound, loud] = [context.createOscillator(), context.createGain()];
      sound.type = "triangle";
      sound.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
      loud.gain.setValueAtTime(0, now);
      loud.gain.linearRampToValueAtTime(0.22, now + 0.012);
      loud.gain.exponentialRampToValueAtTime(0.001, now + 0.45);
      sound.connect(loud).connect(context.destination);
      sound.start(now);
      sound.stop(now + 0.5);
    } catch {
      this.play = () => {}; // a browser without sound still draws
    }
  }

  close() {
    this.context?.close();
    this.context = null;
  }
}
