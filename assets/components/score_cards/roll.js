// The piano roll: keys upwards, time to the right; over it the discriminator's brackets, under it
// a bar for every note's number.

function strength(value, tint) {
  const share = (value - tint.low) / (tint.high - tint.low || 1);
  return Math.max(0, Math.min(1, share));
}

function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const percent = (share) => `${(100 * share).toFixed(3)}%`;

function along(element, start, end, seconds) {
  element.style.left = percent(start / seconds);
  element.style.width = percent((end - start) / seconds);
}

// Brackets that would overlap stand in rows, each in the lowest that is free.
function rows(motifs) {
  const ends = [];
  return motifs.map(({ start, end }) => {
    let row = ends.findIndex((busy) => busy <= start + 1e-6);
    if (row < 0) row = ends.length;
    ends[row] = end;
    return row;
  });
}

function drawMotifs(field, card, seconds) {
  const box = make("div", "motifs", field);
  const row = rows(card.motifs);
  box.style.setProperty("--rows", Math.max(0, ...row.map((one) => one + 1)));
  card.motifs.forEach((motif, at) => {
    const bracket = make("span", "motif", box);
    const [sign, ...number] = motif.label.split("\u00a0"); // on a short bracket only the sign fits
    const label = make("b", "", bracket, sign);
    if (number.length) make("span", "", label, `\u00a0${number.join("\u00a0")}`);
    bracket.title = motif.about;
    bracket.style.setProperty("--row", row[at]);
    along(bracket, motif.start, motif.end, seconds);
  });
}

function drawStage(field, card, seconds) {
  const stage = make("div", "stage", field);
  const keys = card.high - card.low + 1;
  const up = (pitch) => percent((card.high - pitch) / keys);
  for (let pitch = card.low; pitch <= card.high; pitch++) {
    if (!isBlack(pitch) && pitch % 12) continue;
    const lane = make("i", pitch % 12 ? "lane-key" : "lane-key c", stage);
    lane.style.top = up(pitch);
    lane.style.height = percent(1 / keys);
  }
  for (const bar of card.bars) make("i", bar.part ? "bar part" : "bar", stage).style.left = percent(bar.start / seconds);
  return card.notes.map((note) => {
    const drawn = make("i", "note", stage);
    drawn.style.top = up(note.pitch);
    drawn.style.height = percent(1 / keys);
    drawn.classList.toggle("given", note.written < card.given);
    // Of a note that was given, and is held on by somebody else, only what was given is hatched.
    drawn.style.setProperty("--own", Math.min(1, (card.until - note.start) / (note.end - note.start)));
    along(drawn, note.start, note.end, seconds);
    return drawn;
  });
}

function drawNames(roll, card, tint) {
  const names = make("div", "names", roll);
  const keys = make("div", "keys", names);
  for (const { pitch, name } of card.keys) {
    make("span", "", keys, name).style.top = percent((card.high - pitch + 0.5) / (card.high - card.low + 1));
  }
  if (tint) make("span", "lane-name", names, tint.name);
}

// Fills the roll; gives back what changes while the melody plays.
function drawRoll(roll, card, tint) {
  const seconds = card.seconds || 1;
  drawNames(roll, card, tint);
  const field = make("div", "field", roll);
  if (card.motifs.length) drawMotifs(field, card, seconds);
  const notes = drawStage(field, card, seconds);
  if (tint) {
    const lane = make("div", "lane", field);
    card.notes.forEach((note, at) => {
      notes[at].classList.add(note.value === null ? "none" : "valued");
      if (note.value === null) return;
      const v = strength(note.value, tint);
      notes[at].style.setProperty("--v", v);
      const bar = make("i", "", lane);
      bar.style.setProperty("--v", v);
      along(bar, note.start, note.end, seconds);
    });
  }
  return { notes, field, head: make("i", "head", field) };
}
