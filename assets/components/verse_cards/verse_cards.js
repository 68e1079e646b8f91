// Verses as cards. A sheet whose signs have numbers is one stop for the Tab key; arrow keys walk
// along it and each number is spoken and shown. In a poem that can be worked on, the signs are
// buttons, and each line has one to roll it again. All text is set as text, never as HTML.

// Marks that do not begin a line of Chinese.
const STAYS = /^[\p{Pe}\p{Pf}，。！？；：、…—]/u;

function make(tag, name, parent, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

function strength(value, scale) {
  const share = (value - scale.low) / (scale.high - scale.low || 1);
  return Math.max(0, Math.min(1, share));
}

function fillKey(key, { scale, cards, words }) {
  key.replaceChildren();
  if (scale) {
    make("b", "", key, scale.name);
    make("span", "", key, scale.low);
    const ramp = make("span", `ramp ${scale.kind}`, key);
    ramp.setAttribute("aria-hidden", "true");
    for (const v of [0, 0.25, 0.5, 0.75, 1]) make("i", "", ramp).style.setProperty("--v", v);
    make("span", "", key, scale.high);
    make("small", "", key, `${scale.about} · ${words.keys}`);
  }
  if (cards.some((card) => card.lines.flat().some((sign) => sign.copied))) {
    make("i", "copied", key).setAttribute("aria-hidden", "true");
    make("small", "", key, words.copied);
  }
}

// What is said of a sign: itself, its reading, its number, and that it is copied.
function told(sign, { scale, words }) {
  const parts = [sign.ruby ? `${sign.text} ${sign.ruby}` : sign.text];
  if (sign.value !== null) parts.push(`${scale.name} ${sign.value.toFixed(2)}`);
  if (sign.copied) parts.push(words.copied_one);
  return parts.join(" · ");
}

function fillSign(span, sign, scale) {
  if (sign.ruby) {
    const ruby = make("ruby", "", span);
    ruby.append(sign.text);
    make("rt", "", ruby, sign.ruby);
  } else span.append(sign.text);
  if (!scale) return;
  span.style.setProperty("--v", sign.value === null ? 0 : strength(sign.value, scale));
  span.classList.toggle("none", sign.value === null);
}

function plain(lines) {
  return lines.map((line) => line.map((sign) => sign.gap + sign.text + sign.mark).join("")).join("\n");
}

// A row of what the arrow keys walk along for each line, in reading order.
function fillLines(sheet, card, scale, words, act) {
  const lines = make("div", "lines", sheet);
  const signs = card.lines.flat();
  const short = card.lines.length > 1 && card.lines.every((line) => line.length <= 9);
  lines.classList.toggle("chinese", card.chinese);
  lines.classList.toggle("verse", card.chinese && short);
  lines.classList.toggle("prose", card.chinese && !short);
  lines.classList.toggle("vertical", card.direction === "vertical");
  lines.classList.toggle("ruby", signs.some((sign) => sign.ruby));
  if (scale) lines.classList.add("coloured", scale.kind);
  if (card.chinese) lines.lang = card.lang;
  let place = 0; // of the sign in the poem
  return card.lines.map((row, nth) => {
    const line = make("p", "line", lines);
    line.dir = card.rtl ? "rtl" : "ltr";
    let kept = line;
    const stops = [];
    row.forEach((sign, at) => {
      if (sign.gap) line.append(sign.gap);
      if (card.chinese && !(at && STAYS.test(sign.text))) kept = make("span", "kept", line);
      const here = place++;
      const span = card.work
        ? pressable("sign", `sign-${here}`, kept, undefined, () => act({ act: "open", place: here }))
        : make("span", "sign", kept);
      span.sign = sign;
      stops.push(span);
      if (card.work) {
        span.setAttribute("aria-label", words.character.replace("{text}", sign.text).replace("{n}", here + 1));
        span.setAttribute("aria-expanded", card.work.place === here);
      }
      span.classList.toggle("copied", sign.copied);
      span.classList.toggle("first", sign.copied && !row[at - 1]?.copied);
      span.classList.toggle("last", sign.copied && !row[at + 1]?.copied);
      fillSign(span, sign, scale);
      if (sign.mark) make("span", "mark", kept, sign.mark);
    });
    if (card.work) {
      const roll = pressable("roll", `roll-${nth}`, kept, undefined, () =>
        act({ act: "roll", lines: [nth + 1], alone: Boolean(card.work.alone) }));
      roll.title = words.again.replace("{n}", nth + 1);
      roll.setAttribute("aria-label", roll.title);
      stops.push(roll);
    }
    return stops;
  });
}

// Along the verse with the arrow keys, in reading order; in vertical verse down is onward. Buttons
// get the focus; among signs that are none, the sheet keeps it, and what is found is spoken.
function walk(root, sheet, readout, rows, card, data) {
  const stops = rows.flat();
  let here = -1;
  const go = (at, spoken) => {
    if (here >= 0) stops[here].classList.remove("here");
    here = at;
    const sign = here < 0 ? null : stops[here].sign;
    if (readout) readout.textContent = sign ? told(sign, data) : "";
    if (here < 0) return;
    stops[here].classList.add("here");
    if (spoken) {
      stops[here].scrollIntoView({ block: "nearest", inline: "nearest" });
      root.querySelector(".spoken").textContent = readout?.textContent ?? "";
    }
  };
  const starts = [];
  rows.reduce((sum, row) => (starts.push(sum), sum + row.length), 0);
  const toLine = (way) => {
    const row = starts.findLastIndex((start) => start <= here);
    const next = Math.max(0, Math.min(starts.length - 1, row + way));
    return Math.min(starts[next] + here - starts[row], starts[next] + rows[next].length - 1);
  };
  const steps = card.direction === "vertical"
    ? { ArrowDown: () => here + 1, ArrowUp: () => here - 1, ArrowLeft: () => toLine(1), ArrowRight: () => toLine(-1) }
    : { [card.rtl ? "ArrowLeft" : "ArrowRight"]: () => here + 1, [card.rtl ? "ArrowRight" : "ArrowLeft"]: () => here - 1, ArrowDown: () => toLine(1), ArrowUp: () => toLine(-1) };
  Object.assign(steps, { Home: () => 0, End: () => stops.length - 1 });
  const reach = (at) => { // the one stop of the Tab key
    for (const stop of stops) stop.tabIndex = -1;
    stops[at].tabIndex = 0;
  };
  if (card.work) {
    reach(Math.max(0, stops.findIndex((stop) => stop.ariaExpanded === "true")));
    sheet.addEventListener("focusin", (event) => {
      reach(stops.indexOf(event.target));
      go(stops.indexOf(event.target), true);
    });
    sheet.addEventListener("focusout", () => go(-1));
  } else sheet.tabIndex = 0;
  sheet.onkeydown = (event) => {
    if (event.key === "Escape") return go(-1);
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(stops.length - 1, here < 0 ? 0 : steps[event.key]()));
    if (card.work) stops[next].focus();
    else go(next, true);
  };
  sheet.onblur = () => go(-1);
  sheet.onpointerover = (event) => go(stops.indexOf(event.target.closest(".sign")));
  sheet.onpointerleave = () => go(-1);
}

function fillCard(article, card, at, data, root) {
  const { scale, words, action } = data;
  const title = make("p", "title", article, card.title);
  title.id = `verse-${root.number}-${at}`;
  article.setAttribute("aria-labelledby", title.id);
  const sheet = make("figure", "sheet", article);
  const act = (event) => root.work({ ...event, card: card.id });
  const rows = fillLines(sheet, card, scale, words, act);
  if (scale || card.work) {
    sheet.classList.toggle("told", Boolean(scale));
    const readout = scale && make("p", "readout", sheet);
    readout?.setAttribute("aria-hidden", "true"); // what the keyboard finds is spoken
    sheet.setAttribute("role", "group");
    sheet.setAttribute("aria-label", `${card.title}: ${plain(card.lines)}. ${card.work ? words.choose : words.keys}`);
    if (rows.flat().length) walk(root, sheet, readout, rows, card, data);
  }
  const panel = make("div", "work", article);
  fillWork(panel, card, words, act);
  const notes = make("ul", "notes", article);
  for (const note of card.notes) make("li", "", notes, note);
  const acts = make("div", "acts", article);
  if (action) {
    const choose = pressable("choose", "choose", acts, action, () => root.choose(card.id));
    choose.setAttribute("aria-label", `${action}: ${card.title}`);
  }
  const save = pressable("save", "save", acts, words.save, async () => {
    const done = await savePicture(article, card);
    root.querySelector(".spoken").textContent = done ? words.saved : words.failed;
  });
  save.setAttribute("aria-label", `${words.save}: ${card.title}`);
}

let roots = 0; // components drawn so far, so that ids differ

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".verses");
  if (!root || !data) return;
  root.number ??= ++roots;
  root.choose = (id) => setTriggerValue("chosen", id);
  root.work = (event) => setTriggerValue("worked", event);
  const drawn = JSON.stringify(data);
  if (root.drawn === drawn) return;
  root.drawn = drawn;
  const cards = root.querySelector(".cards");
  // The button that has the focus keeps it when its card is drawn again.
  const focused = cards.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [[...cards.children].indexOf(focused.closest(".card")), focused.dataset.key];
  const before = new Set([...cards.children].map((card) => card.drawn));
  fillKey(root.querySelector(".verse-key"), data);
  cards.classList.toggle("wide", data.wide);
  cards.replaceChildren();
  data.cards.forEach((card, at) => {
    const article = make("article", "card", cards);
    article.drawn = plain(card.lines);
    article.classList.toggle("fresh", !before.has(article.drawn));
    article.style.animationDelay = `${Math.min(at, 8) * 45}ms`;
    fillCard(article, card, at, data, root);
  });
  if (place) cards.children[place[0]]?.querySelector(`[data-key="${place[1]}"]`)?.focus();
}
