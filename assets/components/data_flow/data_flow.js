// The data flow of SeqGAN, told in ten steps. Plays by itself unless the viewer asked for less
// motion, paused it, or is reading with the pointer or the keyboard inside it.

const SVG = "http://www.w3.org/2000/svg";
const SECONDS = 4.2;

function shape(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

function drawOnce(root) {
  const rows = root.querySelector(".real-rows");
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 7; column++)
      shape(rows, "rect", { x: 38 + column * 17, y: 42 + row * 17, width: 12, height: 12, rx: 3,
        opacity: 0.35 + 0.6 * (((row * 7 + column * 5) % 9) / 9) });

  const tokens = root.querySelector(".tokens");
  const q = ["0.61", "0.58", "0.22", "0.47", "0.70"];
  const rewards = root.querySelector(".rewards");
  q.forEach((value, index) => {
    const x = 200 + index * 40;
    shape(tokens, "rect", { x, y: 283, width: 34, height: 34, rx: 7, style: `--i:${index}` });
    shape(tokens, "text", { x: x + 17, y: 305, "text-anchor": "middle" }, `y${"₁₂₃₄₅"[index]}`);
    const height = 30 * Number(value);
    shape(rewards, "rect", { x: x + 6, y: 276 - height, width: 22, height, rx: 3 });
    shape(rewards, "text", { x: x + 17, y: 334, "text-anchor": "middle" }, value);
  });

  const completions = root.querySelector(".completions");
  const scores = root.querySelector(".scores");
  [256, 300, 344].forEach((y, row) => {
    for (let column = 0; column < 4; column++)
      shape(completions, "rect", { x: 438 + column * 26, y: y - 11, width: 22, height: 22, rx: 5,
        style: `--i:${row * 4 + column}` });
    shape(scores, "text", { x: 556, y: y - 8, "text-anchor": "start" }, ["0.7", "0.4", "0.7"][row]);
  });
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".flow");
  if (!root || root.ready || !data) return;
  root.ready = true;
  const { captions, words, turns } = data;
  drawOnce(root);
  root.querySelector("title").textContent = words.title;
  for (const element of root.querySelectorAll("[data-word]"))
    element.textContent = words[element.dataset.word];

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const caption = root.querySelector(".caption");
  const turn = root.querySelector(".turn");
  const play = root.querySelector(".play");
  const group = root.querySelector(".steps");
  group.setAttribute("aria-label", words.steps);
  let step = 1, playing = !still.matches, timer = 0, inside = false;

  const buttons = captions.map((_, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = index + 1;
    button.setAttribute("aria-label", `${words.step} ${index + 1}: ${captions[index]}`);
    button.onclick = () => { playing = false; show(index + 1); };
    group.append(button);
    return button;
  });

  function show(number) {
    step = ((number - 1 + captions.length) % captions.length) + 1;
    root.dataset.step = step;
    root.dataset.turn = step <= 5 ? "d" : "g";
    for (const element of root.querySelectorAll("svg [class*='on-']"))
      element.classList.toggle("lit", element.classList.contains(`on-${step}`));
    turn.textContent = step <= 5 ? turns[0] : turns[1];
    caption.textContent = captions[step - 1];
    buttons.forEach((button, index) => button.setAttribute("aria-current", index + 1 === step ? "step" : "false"));
    play.textContent = playing ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
    clearTimeout(timer);
    if (playing) timer = setTimeout(() => (inside || !root.isConnected ? show(step) : show(step + 1)), SECONDS * 1000);
  }

  root.querySelector(".back-one").textContent = `‹ ${words.back}`;
  root.querySelector(".next-one").textContent = `${words.next} ›`;
  root.querySelector(".back-one").onclick = () => { playing = false; show(step - 1); };
  root.querySelector(".next-one").onclick = () => { playing = false; show(step + 1); };
  play.onclick = () => { playing = !playing; show(step); };
  root.querySelector(".telling").onpointerenter = () => { inside = true; };
  root.querySelector(".telling").onpointerleave = () => { inside = false; };
  group.onkeydown = (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    playing = false;
    show(step + move);
    buttons[step - 1].focus();
    event.preventDefault();
  };
  show(1);
  if (still.matches) setStateValue("still", true);
}
