// Rows of token buttons. Each row is a toolbar with one stop for the Tab key; arrow keys move
// inside it and between rows. Buttons stay when data changes, so the focus stays too.

function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

function makeRow() {
  const row = element("div", "row");
  row.append(element("span", "nth"), element("div", "cells"));
  row.lastChild.setAttribute("role", "toolbar");
  return row;
}

function makeCell() {
  const button = element("button", "tok");
  button.type = "button";
  button.append(element("span", "word"), " ", element("small", "note"));
  return button;
}

// Moves the row, not the page, so that a button beyond its edge stands in the middle.
function show(button) {
  const cells = button.parentElement;
  const [inner, outer] = [button.getBoundingClientRect(), cells.getBoundingClientRect()];
  if (inner.left >= outer.left && inner.right <= outer.right) return;
  cells.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".token-rows");
  if (!root || !data) return;
  root.style.setProperty("--ink", `var(--${data.colour})`);
  root.dataset.unit = data.unit;
  const said = parentElement.querySelector(".said");
  if (said.textContent !== data.said) said.textContent = data.said;
  const first = !root.children.length;
  fit(root, data.rows.length, makeRow);
  const grid = data.rows.map((cells, r) => {
    const row = root.children[r];
    row.firstChild.textContent = data.names[r];
    row.lastChild.setAttribute("aria-label", `${data.words.row} ${data.names[r]}`);
    fit(row.lastChild, cells.length, makeCell);
    return [...row.lastChild.children];
  });
  const [row, column] = data.chosen ?? [-1, -1];
  grid.forEach((buttons, r) =>
    buttons.forEach((button, c) => {
      const cell = data.rows[r][c];
      button.firstElementChild.textContent = cell.text;
      button.lastElementChild.textContent = cell.note;
      button.setAttribute("aria-label", cell.label);
      button.title = cell.label;
      button.setAttribute("aria-pressed", r === row && c === column);
      button.classList.toggle("prefix", r === row && c < column);
      button.classList.toggle("after", r === row && c > column);
      button.classList.toggle("pad", cell.padding);
      button.style.setProperty("--fill", cell.fill === null ? 0 : Math.round(cell.fill * 100) / 100);
      if (!root.contains(document.activeElement) || document.activeElement.closest(".cells") !== button.parentElement)
        button.tabIndex = c === (r === row ? column : 0) ? 0 : -1;
      button.onclick = () => setTriggerValue("chosen", [r, c]);
    }),
  );
  if (first && grid[row]?.[column]) requestAnimationFrame(() => show(grid[row][column]));
  const go = (r, c) => {
    const next = grid[r]?.[Math.max(0, Math.min(c, grid[r].length - 1))];
    if (!next) return;
    for (const button of grid[r]) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  };
  root.onkeydown = (event) => {
    const button = event.target.closest("button.tok");
    if (!button) return;
    const r = grid.findIndex((buttons) => buttons.includes(button));
    const c = grid[r].indexOf(button);
    const moves = {
      ArrowRight: [r, c + 1], ArrowLeft: [r, c - 1], ArrowDown: [r + 1, c], ArrowUp: [r - 1, c],
      Home: [r, 0], End: [r, grid[r].length - 1],
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    go(...moves[event.key]);
  };
}
