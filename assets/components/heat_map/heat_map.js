// Heat maps as tables of buttons. Each table has one stop for the Tab key; arrow keys move inside
// it. The tables stay when their data changes, so the focus stays too.

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function head(text, scope, name) {
  const made = element("th", name, text);
  made.scope = scope;
  return made;
}

function button(cell, choose) {
  const made = element("button", "cell");
  made.type = "button";
  made.dataset.id = cell.id;
  made.append(element("span", "mark"), element("b"), element("small"));
  made.firstChild.setAttribute("aria-hidden", "true");
  made.onclick = () => choose(made.dataset.id);
  return made;
}

function build(map, words, choose) {
  const figure = element("figure", "heat-map");
  const table = element("table");
  const top = element("tr");
  top.append(element("td"), Object.assign(head(words.columns, "colgroup", "over"), { colSpan: map.columns.length }));
  const heads = element("tr");
  heads.append(head(words.corner, "col", "corner"), ...map.columns.map((text) => head(text, "col")));
  const thead = element("thead");
  thead.append(top, heads);
  const body = element("tbody");
  map.cells.forEach((cells, r) => {
    const row = element("tr");
    row.append(head(map.rows[r], "row"));
    for (const cell of cells) {
      const place = element("td");
      place.append(cell ? button(cell, choose) : element("span", "none", "·"));
      if (!cell) place.firstChild.setAttribute("aria-label", words.none);
      if (!cell) place.firstChild.setAttribute("role", "img");
      row.append(place);
    }
    body.append(row);
  });
  table.append(element("caption", "", map.caption), thead, body);
  figure.append(table, element("figcaption", "quiet", map.reading));
  return figure;
}

const shape = (map) => JSON.stringify([map.caption, map.rows, map.columns, map.cells.map((row) => row.map((cell) => cell?.id))]);

function fill(figure, map, chosen) {
  const buttons = [...figure.querySelectorAll("button.cell")];
  const cells = map.cells.flat().filter(Boolean);
  const stop = Math.max(0, cells.findIndex((cell) => cell.id === chosen));
  buttons.forEach((made, index) => {
    const cell = cells[index];
    const [mark, number, tag] = made.children;
    mark.textContent = cell.mark;
    number.textContent = cell.number;
    tag.textContent = cell.tag;
    made.setAttribute("aria-label", cell.label);
    made.title = cell.label;
    made.setAttribute("aria-pressed", cell.id === chosen);
    made.style.setProperty("--ink", cell.tone ? `var(--${cell.tone})` : "transparent");
    made.style.setProperty("--fill", Math.round(cell.fill * 100) / 100);
    if (!figure.contains(document.activeElement)) made.tabIndex = index === stop ? 0 : -1;
  });
}

function move(event) {
  const from = event.target.closest("button.cell");
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  if (!from || !(event.key in steps)) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = [...from.closest("tbody").rows].map((row) => [...row.cells].slice(1));
  const [down, right] = steps[event.key];
  let r = rows.findIndex((row) => row.includes(from.parentElement));
  let c = rows[r].indexOf(from.parentElement);
  let next = null;
  while (!next) {
    r += down;
    c += right;
    if (!rows[r]?.[c]) return; // the edge of the table; empty places are stepped over
    next = rows[r][c].querySelector("button.cell");
  }
  for (const made of from.closest("table").querySelectorAll("button.cell")) made.tabIndex = made === next ? 0 : -1;
  next.focus();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".heat-maps");
  if (!root || !data?.maps) return;
  root.choose = (id) => setTriggerValue("chosen", id);
  const shapes = JSON.stringify(data.maps.map(shape));
  if (root.dataset.shapes !== shapes) {
    root.dataset.shapes = shapes;
    root.replaceChildren(...data.maps.map((map) => build(map, data.words, (id) => root.choose(id))));
  }
  data.maps.forEach((map, index) => fill(root.children[index], map, data.chosen));
  root.onkeydown = move;
  const said = parentElement.querySelector(".said");
  if (said.textContent !== data.said) said.textContent = data.said;
}
