// What there is to say about a line: our words, the Python that ran, and what others do there.

function fillTab(panel, tab, line, data) {
  const chapter = data.lines[line - 1];
  if (tab === "python") fillPython(panel, line, data);
  else if (tab === "others") fillOthers(panel, chapter, data);
  else setMath(make("p", "chapter", panel), chapter.words);
}

function fillOthers(panel, { differences }, { words, sources }) {
  if (!differences.length) {
    make("p", "chapter", panel, words.no_differences);
    return;
  }
  const list = make("ul", "", panel);
  const used = new Set();
  for (const [source, text] of differences) {
    const item = make("li", "", list);
    setMath(make("span", "", item), `${text} `);
    make("em", "", item, `[${source}]`);
    used.add(source);
  }
  const key = make("p", "tiny", panel);
  key.textContent = [...used].map((source) => `[${source}] ${sources[source]}`).join(" · ");
}

function fillPython(panel, line, { code, words }) {
  let first = null;
  code.lines[line].forEach((name, index) => {
    const source = code.functions[name];
    const lit = source.marked[line] ?? [];
    const head = make("p", "file", panel, index ? `${words.calls} ` : "");
    make("b", "", head, name);
    head.append(` · ${source.file}:${source.first + (lit[0] ?? 0)}`);
    const pre = make("pre", "", panel);
    const text = make("code", "", pre);
    source.lines.forEach((parts, at) => {
      const row = make("span", lit.includes(at) ? "row lit" : "row", text);
      if (lit.includes(at)) row.title = `${words.line} ${line}`;
      make("i", "", row, source.first + at).setAttribute("aria-hidden", "true");
      for (const [kind, piece] of parts) make("span", kind, row, piece);
      row.append("\n");
      if (lit.includes(at)) first ??= row;
    });
  });
  // Only inside its own box: the page must not jump while one steps.
  if (first) panel.scrollTop = Math.max(0, first.offsetTop - panel.offsetTop - 60);
}
