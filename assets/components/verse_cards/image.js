// The picture of a card: what stands on the page is drawn again on a canvas, sign by sign, where it
// stands. All fonts are the browser's own, and the picture is made and saved on this machine.

const PICTURE = { pad: 44, least: 400, scale: 3, longest: 6000 };
// What stands upright in vertical verse, and what moves from low on the left to high on the right.
const UPRIGHT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}！？；：□◌]/u;
const CORNERED = /^[，。、]$/;

function fontOf(style) {
  return `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
}

// One rectangle for all of a text node's.
function boxOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

function drawText(pen, text, node, vertical) {
  const style = getComputedStyle(node.parentElement);
  const box = boxOf(node);
  const size = parseFloat(style.fontSize);
  pen.font = fontOf(style);
  pen.fillStyle = style.color;
  pen.direction = style.direction;
  const middle = [box.left + box.width / 2, box.top + box.height / 2];
  const cornered = CORNERED.test(text);
  if (vertical && !cornered && !UPRIGHT.test(text)) {
    pen.save();
    pen.translate(...middle);
    pen.rotate(Math.PI / 2);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, 0, 0);
    pen.restore();
    return;
  }
  pen.textBaseline = "alphabetic";
  if (vertical) {
    // In traditional type these marks stand in the middle.
    const shift = cornered && node.parentElement.closest("[lang]").lang !== "zh-Hant" ? 0.56 * size : 0;
    pen.textAlign = "center";
    pen.fillText(text, middle[0] + shift, middle[1] + 0.38 * size - shift);
    return;
  }
  const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText(text);
  pen.textAlign = "center";
  pen.fillText(text, middle[0], middle[1] + (above - below) / 2);
}

// The borders that a style has, inside a box of page coordinates.
function drawBorders(pen, style, { left, top, right, bottom }) {
  const sides = {
    Top: [left, top, right, top, 0, 1], Bottom: [left, bottom, right, bottom, 0, -1],
    Left: [left, top, left, bottom, 1, 0], Right: [right, top, right, bottom, -1, 0],
  };
  for (const [side, [x0, y0, x1, y1, inX, inY]] of Object.entries(sides)) {
    const thick = parseFloat(style[`border${side}Width`]);
    if (!thick) continue;
    // A line is drawn on both sides of its path; this one belongs inside the box.
    const [dx, dy] = [(inX * thick) / 2, (inY * thick) / 2];
    pen.strokeStyle = style[`border${side}Color`];
    pen.lineWidth = thick;
    pen.setLineDash(style[`border${side}Style`] === "dotted" ? [thick, thick] : []);
    pen.beginPath();
    pen.moveTo(x0 + dx, y0 + dy);
    pen.lineTo(x1 + dx, y1 + dy);
    pen.stroke();
  }
}

function drawBox(pen, sign) {
  const style = getComputedStyle(sign);
  for (const box of sign.getClientRects()) {
    pen.fillStyle = style.backgroundColor;
    pen.beginPath();
    pen.roundRect(box.left, box.top, box.width, box.height, 3);
    pen.fill();
    drawBorders(pen, style, box);
  }
  if (!sign.classList.contains("copied")) return;
  const after = getComputedStyle(sign, "::after"); // stands in the sign's padding box
  const box = sign.getBoundingClientRect();
  const inner = (side) => parseFloat(style[`border${side}Width`]) + parseFloat(after[side.toLowerCase()]);
  drawBorders(pen, after, {
    left: box.left + inner("Left"), top: box.top + inner("Top"),
    right: box.right - inner("Right"), bottom: box.bottom - inner("Bottom"),
  });
}

function drawSigns(pen, sheet, vertical) {
  for (const sign of sheet.querySelectorAll(".sign")) drawBox(pen, sign);
  const walker = document.createTreeWalker(sheet.querySelector(".lines"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim()) continue;
    drawText(pen, node.data, node, vertical);
  }
}

// Words that are longer than the picture is wide go on in a new line.
function wrapped(pen, text, width) {
  const rows = [""];
  for (const word of text.split(" ")) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
    if (rows.at(-1) && pen.measureText(longer).width > width) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

// The canvas for a card.
function picture(article, card) {
  const sheet = article.querySelector(".sheet");
  const signs = sheet.querySelectorAll(".sign, .mark"); // a line holds a button as well
  const boxes = [...signs].map((sign) => sign.getBoundingClientRect()).filter((box) => box.width);
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const { pad, least, longest } = PICTURE;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const small = { title: `600 14px ${getComputedStyle(article).fontFamily}`, credit: `400 11px ${getComputedStyle(article).fontFamily}` };
  const width = Math.max(least, right - left + 2 * pad);
  pen.font = small.title;
  const titles = card.title ? wrapped(pen, card.title, width - 2 * pad) : [];
  pen.font = small.credit;
  const credits = card.credit ? wrapped(pen, card.credit, width - 2 * pad) : [];
  const above = pad + titles.length * 20 + (titles.length ? 14 : 0);
  const below = (credits.length ? 24 + credits.length * 15 : 0) + pad * 0.8;
  const height = above + bottom - top + below;
  const scale = Math.min(PICTURE.scale, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const style = getComputedStyle(article);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.save();
  pen.translate((width - (right - left)) / 2 - left, above - top);
  drawSigns(pen, sheet, card.direction === "vertical");
  pen.restore();
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillStyle = getComputedStyle(article.querySelector(".title")).color;
  pen.font = small.title;
  titles.forEach((row, at) => pen.fillText(row, width / 2, pad * 0.75 + at * 20));
  pen.font = small.credit;
  credits.forEach((row, at) => pen.fillText(row, width / 2, height - below + 24 + at * 15));
  return canvas;
}

// Resolves to whether the picture was handed to the browser's downloads.
function savePicture(article, card) {
  return new Promise((resolve) => {
    picture(article, card).toBlob((blob) => {
      if (!blob) return resolve(false);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      const name = card.file.replace(/[^\p{L}\p{N}\-_]+/gu, "-").replace(/^-+|-+$/g, "");
      link.download = `${name.slice(0, 80) || "verse"}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      resolve(true);
    }, "image/png");
  });
}
