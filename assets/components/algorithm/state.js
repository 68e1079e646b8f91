// The variables of Algorithm 1 after a line: drawn once for a trace, then only filled, so that
// bars can grow and nothing jumps. The same numbers stand in a table for those who cannot see it.

const number = (value, digits = 3) => value.toFixed(digits).replace("-", "−");
const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);

function make(tag, name, parent, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

// Q_t, G_θ, Y_1…t: what follows the underscore is set lower.
function setMath(element, text) {
  element.replaceChildren();
  text.split(/(?<=[A-Za-zθφβ])_([\wθφβ…−]+)/).forEach((part, index) => {
    if (index % 2) make("sub", "", element, part);
    else element.append(part);
  });
}

const changed = (view, name) => name in view.step.variables && !same(view.now[name], view.before[name]);

// -- building ---------------------------------------------------------------------------------

function buildState(place, data) {
  place.replaceChildren();
  const { names, words, sizes } = data;
  const drawn = { facts: {}, panels: [], rows: {} };
  const section = (kind, title) => {
    const box = make("section", `who ${kind}`, place);
    make("h4", "", box, title);
    return box;
  };
  const facts = (box, list) => {
    const row = make("dl", "numbers-row", box);
    for (const name of list) {
      const fact = make("div", "fact", row);
      const [symbol, title] = names[name];
      setMath(make("dt", "", fact), symbol);
      fact.title = title;
      drawn.facts[name] = make("dd", "", fact, "–");
    }
  };

  const writing = section("writing", words.sequences);
  make("p", "tiny", writing, words.legend);
  const panels = make("div", "panels", writing);
  for (let b = 0; b < sizes.B; b++) drawn.panels.push(buildPanel(panels, b, data));
  facts(writing, ["loss", "grad_norm"]);

  const gen = section("gen", words.generator);
  facts(gen, ["theta_norm", "theta_moved", "nll_real", "beta_distance"]);
  drawn.first = make("div", "first", gen);
  drawn.first.setAttribute("aria-hidden", "true");
  make("p", "tiny", drawn.first, words.first);
  drawn.bars = Array.from({ length: sizes.V }, (_, token) => {
    const bar = make("div", "bar", drawn.first);
    make("i", "", bar);
    make("b", "", bar, token);
    return [bar.firstChild, make("small", "", bar), bar];
  });

  if (data.has_discriminator) {
    const disc = section("disc", words.discriminator);
    facts(disc, ["phi_norm", "phi_moved", "d_loss", "d_accuracy"]);
    const lists = make("div", "judged", disc);
    lists.setAttribute("aria-hidden", "true");
    for (const kind of ["real", "fake"]) {
      const list = make("div", kind, lists);
      make("p", "tiny", list, words[kind]);
      drawn.rows[kind] = make("div", "rows", list);
    }
  }
  return drawn;
}

function buildPanel(parent, b, { sizes, names, has_value_network: hasValue }) {
  const panel = make("div", "panel", parent);
  panel.setAttribute("aria-hidden", "true");
  panel.style.setProperty("--places", sizes.T);
  let place = panel;
  const row = (kind, label) => {
    const line = make("div", `line ${kind}`, place);
    setMath(make("span", "name", line), label);
    const cells = Array.from({ length: sizes.T }, () => make("span", "cell", line));
    return { line, cells, end: make("span", "end", line) };
  };
  const rows = { y: row("y", `Y ${b + 1}`), q: row("q", "Q_t"), p: row("p", "p") };
  if (hasValue) rows.v = row("p", "v");
  // Completions and what the update did are never there at once: they share a place.
  place = make("div", "below", panel);
  for (const name of ["p_after", "weights", "log_p"]) rows[name] = row("p", names[name][0]);
  for (const cell of rows.q.cells) {
    make("i", "", cell);
    make("b", "", cell);
  }
  rows.completions = Array.from({ length: sizes.N }, (_, n) => row("completion", `${n + 1}`));
  for (const { end } of rows.completions) {
    make("i", "", end);
    make("b", "", end);
  }
  rows.mean = make("p", "mean", place);
  return rows;
}

// -- filling ------------------------------------------------------------------------------------

// view: now and before (all variables after this step and the one before), step, data.
function fillState(drawn, view) {
  for (const [name, place] of Object.entries(drawn.facts)) fillFact(place, name, view);
  fillFirst(drawn, view);
  drawn.panels.forEach((rows, b) => fillPanel(rows, b, view));
  for (const kind of Object.keys(drawn.rows)) fillJudged(drawn.rows[kind], kind, view);
}

function fillFact(place, name, view) {
  const { now, before, data } = view;
  const empty = now[name] === null || now[name] === undefined; // emptied by this line, not changed
  let text = empty ? "–" : number(now[name]);
  if (name === "beta_distance" && now.beta_is_theta) text = data.words.same;
  const moved = changed(view, name) && !empty;
  const was = before[name];
  const arrow = moved && typeof was === "number" && typeof now[name] === "number" && !name.endsWith("_moved");
  place.textContent = arrow ? `${number(was)} → ${text}` : text;
  place.parentElement.classList.toggle("changed", moved);
}

function fillFirst(drawn, view) {
  const shares = view.now.first ?? [];
  const most = Math.max(...shares, 0.01);
  drawn.first.classList.toggle("changed", changed(view, "first"));
  drawn.bars.forEach(([fill, label, bar], token) => {
    const share = shares[token];
    bar.style.setProperty("--share", share === undefined ? 0 : share / most);
    label.textContent = share === undefined ? "" : share.toFixed(2);
  });
}

function fillPanel(rows, b, view) {
  const { now, step } = view;
  const y = now.y?.[b];
  const t = now.t ?? 0;
  const fresh = (name) => changed(view, name);
  rows.y.line.classList.toggle("changed", fresh("y"));
  rows.y.cells.forEach((cell, at) => {
    cell.textContent = y ? y[at] : "";
    cell.classList.toggle("blank", !y);
    cell.classList.toggle("prefix", t > 0 && at < t - 1);
    cell.classList.toggle("here", t > 0 && at === t - 1);
    cell.classList.toggle("later", t > 0 && at >= t);
  });
  const q = now.q?.[b] ?? [];
  const top = Math.max(1, ...q.map((value) => value ?? 0));
  rows.q.cells.forEach((cell, at) => {
    const value = q[at] ?? null;
    cell.style.setProperty("--share", value === null ? 0 : value / top);
    cell.lastChild.textContent = value === null ? "" : number(value);
    cell.classList.toggle("here", fresh("q") && at === t - 1);
  });
  for (const name of ["p", "v", "p_after", "weights", "log_p"].filter((name) => rows[name])) {
    const values = now[name]?.[b];
    rows[name].line.classList.toggle("unknown", !values);
    rows[name].line.classList.toggle("changed", Boolean(values) && fresh(name));
    rows[name].cells.forEach((cell, at) => {
      const before = now.p?.[b]?.[at];
      const move = name === "p_after" && values ? Math.sign(values[at] - before) : 0;
      const text = values ? (name === "log_p" ? number(values[at], 2) : number(values[at])) : "";
      cell.textContent = ["↓", "", "↑"][move + 1] + text;
      cell.classList.toggle("up", move > 0);
      cell.classList.toggle("down", move < 0);
    });
  }
  fillCompletions(rows, b, t, view);
}

function fillCompletions(rows, b, t, view) {
  const { now, data } = view;
  const found = now.completions?.[b] ?? [];
  const scores = now.completion_scores?.[b] ?? [];
  rows.completions.forEach(({ line, cells, end }, n) => {
    line.classList.toggle("unknown", n >= found.length);
    cells.forEach((cell, at) => {
      cell.textContent = n < found.length ? found[n][at] : "";
      cell.classList.toggle("prefix", at < t);
    });
    end.style.setProperty("--share", n < scores.length ? Math.min(1, scores[n]) : 0);
    end.lastChild.textContent = n < scores.length ? number(scores[n]) : "";
  });
  const q = t > 0 ? now.q?.[b]?.[t - 1] : null;
  const sum = scores.length > 4 ? `Σ D / ${scores.length}` : `(${scores.map((score) => number(score)).join(" + ")}) / ${scores.length}`;
  const from = scores.length > 1 ? sum : "D(Y)";
  const nothing = now.p_after ? "" : data.has_discriminator ? data.words.no_completions : data.words.no_rollouts;
  setMath(rows.mean, scores.length ? `Q_${t} = ${from} = ${number(q)}` : nothing);
  rows.mean.classList.toggle("unknown", !scores.length);
}

function fillJudged(list, kind, view) {
  const { now } = view;
  const rows = now[kind] ?? [];
  const before = now[`${kind}_scores`] ?? [];
  const after = now[`${kind}_scores_after`];
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
    const row = make("div", "judged-row", list);
    make("span", "seq", row);
    const bar = make("span", "track", row);
    make("i", "", bar);
    make("u", "", bar);
    make("b", "", row);
  }
  list.classList.toggle("changed", changed(view, `${kind}_scores_after`) || changed(view, kind));
  rows.forEach((tokens, n) => {
    const [seq, bar, label] = list.children[n].children;
    seq.textContent = tokens.join(" ");
    bar.style.setProperty("--share", (after ?? before)[n] ?? 0);
    bar.style.setProperty("--was", before[n] ?? 0);
    const was = before[n] === undefined ? "" : before[n].toFixed(2);
    label.textContent = after ? `${was} → ${after[n].toFixed(2)}` : was;
  });
}

// -- the same as a table ------------------------------------------------------------------------

function fillTable(table, view) {
  const { data, now } = view;
  const body = table.tBodies[0];
  body.replaceChildren();
  for (const [name, [symbol, title]] of Object.entries(data.names)) {
    if (now[name] === undefined || now[name] === null) continue;
    const rows = Array.isArray(now[name]?.[0]) ? now[name] : [now[name]];
    rows.forEach((value, index) => {
      const row = make("tr", "", body);
      const head = make("th", "", row);
      head.scope = "row";
      setMath(head, `${symbol}${rows.length > 1 ? ` ${index + 1}` : ""} · ${title}`);
      make("td", "", row, asText(value, data.words));
      make("td", "", row, changed(view, name) ? data.words.changed : "");
    });
  }
}

function asText(value, words) {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.map((one) => asText(one, words)).join(Array.isArray(value[0]) ? " | " : ", ");
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return Number.isInteger(value) ? `${value}` : number(value);
}
