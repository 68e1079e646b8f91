// The work on one poem, under its verse: the others that could stand at a place, or lines that are
// rolled again. What is done goes to `root.work`, and comes back as the card's new `work`.

function pressable(tag, key, parent, text, act) {
  const button = make("button", tag, parent, text);
  button.type = "button";
  button.dataset.key = key;
  button.onclick = act;
  return button;
}

function fillOptions(panel, { work }, words, act) {
  const { place, options } = work;
  const scored = options.some((option) => option.kept);
  const largest = Math.max(...options.map((option) => option.share));
  const table = make("div", `options${scored ? " scored" : ""}`, panel);
  const head = make("p", "option head", table);
  head.setAttribute("aria-hidden", "true"); // each button says what its numbers are
  for (const name of ["", words.g, ...(scored ? [words.kept, words.q] : [])]) make("span", "", head, name);
  options.forEach((option, at) => {
    const row = pressable("option", `option-${at}`, table, undefined, () => act({ act: "put", place, token: option.token }));
    const numbers = [[words.g, option.g], [words.kept, option.kept], [words.q, option.q]].filter(([, value]) => value);
    make("span", "word", row, option.text);
    for (const [, value] of numbers) make("span", "", row, value);
    row.style.setProperty("--share", option.share / largest);
    row.setAttribute("aria-pressed", at === 0); // the first one stands there
    row.setAttribute("aria-label", [option.text, ...numbers.map((pair) => pair.join(" "))].join(", "));
  });
}

function fillLinesPanel(panel, card, words, act) {
  const chosen = new Set(card.work.lines);
  const row = make("div", "line-choice", panel);
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", words.lines);
  card.lines.forEach((_, at) => {
    const button = pressable("toggle", `line-${at}`, row, at + 1, () => {
      if (!chosen.delete(at + 1)) chosen.add(at + 1);
      button.setAttribute("aria-pressed", chosen.has(at + 1));
      again.disabled = !chosen.size;
    });
    button.setAttribute("aria-label", words.line.replace("{n}", at + 1));
    button.setAttribute("aria-pressed", chosen.has(at + 1));
  });
  const again = pressable("choose", "again", row, words.another, () =>
    act({ act: "roll", lines: [...chosen], alone: !fits.checked }));
  const label = make("label", "fits", panel);
  const fits = make("input", "", label);
  fits.type = "checkbox";
  fits.checked = !card.work.alone;
  fits.dataset.key = "fits";
  label.append(words.fits);
}

// The panel of a card, in its place under the verse; empty where nothing is open.
function fillWork(panel, card, words, act) {
  const { work } = card;
  if (!work?.title && !work?.changed) return;
  const head = make("div", "work-head", panel);
  make("p", "", head, work.title || words.changed);
  if (work.changed) pressable("plain", "reset", head, words.reset, () => act({ act: "reset" }));
  if (!work.title) return;
  pressable("plain", "close", head, words.close, () => act({ act: "close" }));
  if (work.options) fillOptions(panel, card, words, act);
  if (work.lines.length) fillLinesPanel(panel, card, words, act);
  if (work.about) make("small", "", panel, work.about);
}
