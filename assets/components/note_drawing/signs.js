// Small parts of the drawing: buttons, and the signs of note values.

function button(name, parent, text, label, act) {
  const made = make("button", name, parent, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  if (label) made.title = label;
  made.onclick = act;
  return made;
}

// A note's sign: a head, hollow for a half, with stem, flag and dot as its length wants.
function noteSign(steps) {
  const of = (tag, given) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    return made;
  };
  const picture = of("svg", { viewBox: "0 0 16 22", width: 16, height: 22, "aria-hidden": "true", fill: "currentColor", stroke: "currentColor" });
  picture.append(of("ellipse", { cx: 5, cy: 18, rx: 3.6, ry: 2.4, transform: "rotate(-20 5 18)", "stroke-width": 1.4, ...(steps === 4 && { fill: "none" }) }));
  picture.append(of("path", { d: "M8.6 17V3", "stroke-width": 1.3, fill: "none" }));
  if (steps === 1) picture.append(of("path", { d: "M8.6 3c.4 3.6 5.4 4 4 9", "stroke-width": 1.6, fill: "none" }));
  if (steps === 3) picture.append(of("circle", { cx: 12.5, cy: 17.5, r: 1.2, stroke: "none" }));
  return picture;
}
