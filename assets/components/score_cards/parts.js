// What the cards and the drawing share: elements, whose text is set as text and never as HTML, and
// which keys of a piano are black.

const isBlack = (pitch) => [1, 3, 6, 8, 10].includes(pitch % 12);

function make(tag, name, parent, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}
