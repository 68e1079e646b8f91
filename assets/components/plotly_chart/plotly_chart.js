// Charts that move to new data in place. Streamlit calls the default function on every change
// of data; the elements and the Plotly figures in them stay.

function plotly(address) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  return new Promise((resolve, reject) => {
    let script = document.getElementById("plotly"); // the page has begun to load it
    if (!script) {
      script = Object.assign(document.createElement("script"), { id: "plotly", src: address });
      document.head.append(script);
    }
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      script.remove(); // so that the next refresh tries again
      reject(new Error("Plotly did not load"));
    });
  });
}

// Words need more contrast than lines: the figure's inks as the page's shades for text.
const shades = { "#8658e8": "--gen", "#2b7de0": "--disc", "#16966a": "--real", "#c77e00": "--reward" };

function readable(colour, element) {
  const probe = document.createElement("span");
  probe.style.color = `var(${shades[colour] ?? "--quiet"})`;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function themed(layout, element) {
  const style = getComputedStyle(element);
  const ink = style.getPropertyValue("--st-text-color").trim() || style.color;
  const ground = style.getPropertyValue("--st-background-color").trim() || "#fff";
  const narrow = element.clientWidth < 480;
  const { title, ...rest } = layout; // the finding stands above, as text that wraps
  const annotations = (layout.annotations ?? []).map((note) => ({
    ...note,
    font: { ...note.font, color: readable(note.font?.color, element) },
  }));
  return {
    ...rest,
    annotations,
    autosize: true,
    font: { ...layout.font, color: ink, family: style.fontFamily, size: narrow ? 11 : layout.font.size },
    margin: { ...layout.margin, t: 30, l: narrow ? 46 : layout.margin.l, r: narrow ? 8 : layout.margin.r },
    hoverlabel: { bgcolor: ground, font: { color: ink, family: style.fontFamily } },
  };
}

const settings = { displaylogo: false, displayModeBar: false, responsive: false, doubleClick: "reset+autosize" };

function frame(root) {
  const chart = document.createElement("figure");
  chart.className = "live-chart";
  for (const [tag, name] of [["figcaption", "finding"], ["div", "plot"], ["p", "seeing"]]) {
    const part = document.createElement(tag);
    part.className = name;
    chart.append(part);
  }
  root.append(chart);
  return chart;
}

function describe(chart, figure, span) {
  const plot = chart.querySelector(".plot");
  const finding = figure.layout.title?.text ?? "";
  const seeing = figure.layout.meta?.seeing ?? "";
  chart.style.setProperty("--span", span);
  plot.style.height = `${figure.layout.height}px`;
  chart.querySelector(".finding").textContent = finding;
  chart.querySelector(".finding").title = finding;
  chart.querySelector(".seeing").textContent = seeing;
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${finding}. ${seeing}`);
  return plot;
}

function arrive(arrival) {
  if (!arrival || arrival === window.seqganArrival) return;
  window.seqganArrival = arrival;
  requestAnimationFrame(() => {
    const head = document.querySelector(".st-key-run-head");
    const place = head?.getBoundingClientRect();
    if (place && (place.top < 60 || place.bottom > window.innerHeight)) head.scrollIntoView();
  });
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live-charts");
  if (!root || !data?.figures) return;
  while (root.children.length > data.figures.length) root.lastChild.remove();
  while (root.children.length < data.figures.length) frame(root);
  const plots = data.figures.map((figure, index) => describe(root.children[index], figure, data.spans[index]));
  arrive(data.arrival);

  const turn = (root.turn = (root.turn ?? 0) + 1);
  root.draw = () =>
    plotly(data.plotly)
      .then(async (Plotly) => {
        for (const [index, plot] of plots.entries()) {
          if (root.turn !== turn) return; // newer data came meanwhile
          if (!plot.clientWidth) continue; // hidden; the observer draws when it has a width
          const { data: traces, layout } = data.figures[index];
          const first = !plot.firstChild;
          Plotly.react(plot, traces, themed(layout, plot), settings);
          // the first chart is seen before the others are drawn
          if (first) await new Promise((next) => setTimeout(next));
        }
      })
      .catch(() => {
        if (plots[0]) plots[0].textContent = data.failed;
      });
  root.draw();

  if (!root.observer) {
    let width = 0;
    root.observer = new ResizeObserver(() => {
      if (Math.abs(root.clientWidth - width) < 2) return;
      width = root.clientWidth;
      root.draw();
    });
    root.observer.observe(root);
  }
}
