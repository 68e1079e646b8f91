// A sequence as token buttons with brackets above: one for each n-gram that D's filters chose.
// Brackets and tokens are two toolbars with one stop for the Tab key each; arrow keys move inside
// and between them. Buttons stay when data changes, so the focus stays too.

function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
}

function button(name, ...parts) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  parts.forEach((part, index) => {
    const span = document.createElement("span");
    span.className = part;
    made.append(index ? " " : "", span); // the space parts the words of the accessible name
  });
  return made;
}

// Columns as wide as their words, in both grids alike: the brackets must stand over their tokens.
function columns(root, tokens) {
  const rem = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 1 : 0.6), 1);
  const widths = tokens.map(({ text }) => Math.max(3.3, rem(text)));
  const least = widths.reduce((sum, width) => sum + width, 0.3 * (widths.length - 1));
  root.style.setProperty("--columns", widths.map((width) => `minmax(${width.toFixed(2)}rem, 1fr)`).join(" "));
  root.style.setProperty("--least", `${least.toFixed(2)}rem`);
}

// The one button that the Tab key reaches: the focused, else the chosen, else the first.
function rove(buttons, chosen) {
  const focused = buttons.indexOf(document.activeElement);
  const stop = focused >= 0 ? focused : Math.max(0, chosen);
  buttons.forEach((one, index) => (one.tabIndex = index === stop ? 0 : -1));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".brackets");
  if (!root || !data) return;
  const [arcs, tokens] = root.querySelectorAll(".arcs, .toks");
  root.style.setProperty("--n", data.tokens.length);
  columns(root, data.tokens);
  arcs.style.setProperty("--lanes", data.lanes);
  arcs.setAttribute("aria-label", data.words.brackets);
  tokens.setAttribute("aria-label", data.words.tokens);

  fit(arcs, data.brackets.length, () => button("arc", "worth", "shape"));
  fit(tokens, data.tokens.length, () => button("tok", "word", "note"));
  const arcButtons = [...arcs.children];
  const tokButtons = [...tokens.children];

  const light = (bracket) =>
    tokButtons.forEach((one, index) =>
      one.classList.toggle("lit", !!bracket && index >= bracket.start && index < bracket.start + bracket.width),
    );
  const pressed = data.brackets.find((bracket) => bracket.chosen);

  arcButtons.forEach((one, index) => {
    const bracket = data.brackets[index];
    one.firstElementChild.textContent = bracket.text;
    one.setAttribute("aria-label", bracket.label);
    one.title = bracket.label;
    one.setAttribute("aria-pressed", bracket.chosen);
    one.dataset.side = bracket.side;
    one.style.gridColumn = `${bracket.start + 1} / span ${bracket.width}`;
    one.style.gridRow = data.lanes - bracket.lane;
    one.style.setProperty("--thick", `${1.5 + 3.5 * bracket.strength}px`);
    one.onclick = () => setTriggerValue("bracket", [bracket.start, bracket.width]);
    one.onmouseenter = one.onfocus = () => light(bracket);
    one.onmouseleave = one.onblur = () => light(pressed);
  });
  tokButtons.forEach((one, index) => {
    const token = data.tokens[index];
    one.firstElementChild.textContent = token.text;
    one.lastElementChild.textContent = token.note;
    one.setAttribute("aria-label", token.label);
    one.title = token.label;
    one.setAttribute("aria-pressed", token.chosen);
    one.classList.toggle("changed", token.changed);
    one.classList.toggle("pad", token.padding);
    one.onclick = () => setTriggerValue("token", index);
  });
  light(pressed);
  rove(arcButtons, data.brackets.indexOf(pressed));
  rove(tokButtons, data.tokens.findIndex((token) => token.chosen));

  const go = (buttons, index) => {
    const next = buttons[Math.max(0, Math.min(index, buttons.length - 1))];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    rove(buttons, index);
  };
  // The bracket nearest in a direction that shares a token with this stretch.
  const near = (start, end, lane, up) => {
    const there = data.brackets
      .map((bracket, index) => ({ ...bracket, index }))
      .filter((bracket) => bracket.start < end && start < bracket.start + bracket.width)
      .filter((bracket) => (up ? bracket.lane > lane : bracket.lane < lane))
      .sort((a, b) => (up ? a.lane - b.lane : b.lane - a.lane));
    return there[0]?.index;
  };
  root.onkeydown = (event) => {
    const arc = arcButtons.indexOf(event.target);
    const tok = tokButtons.indexOf(event.target);
    if (arc < 0 && tok < 0) return;
    const [buttons, at] = arc >= 0 ? [arcButtons, arc] : [tokButtons, tok];
    const along = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    if (event.key in along) go(buttons, along[event.key]);
    else if (event.key === "ArrowUp") {
      const bracket = arc >= 0 ? data.brackets[arc] : { start: tok, width: 1, lane: -1 };
      const next = near(bracket.start, bracket.start + bracket.width, bracket.lane, true);
      if (next !== undefined) go(arcButtons, next);
    } else if (event.key === "ArrowDown" && arc >= 0) {
      const bracket = data.brackets[arc];
      const next = near(bracket.start, bracket.start + bracket.width, bracket.lane, false);
      if (next !== undefined) go(arcButtons, next);
      else go(tokButtons, bracket.start);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
