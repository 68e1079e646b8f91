// A chart that moves to new data in place. Streamlit calls the default function on every change
// of data; the element and the Plotly figure in it stay.

function plotly(address) {
  window.seqganPlotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.seqganPlotly = undefined; // so that the next refresh tries again
      reject(new Error("Plotly did not load"));
    };
    document.head.append(script);
  });
  return window.seqganPlotly;
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

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".live-chart");
  if (!root || !data?.figure) return;
  const { figure } = data;
  const plot = root.querySelector(".plot");
  const finding = figure.layout.title?.text ?? "";
  const seeing = figure.layout.meta?.seeing ?? "";
  plot.style.height = `${figure.layout.height}px`;
  root.querySelector(".finding").textContent = finding;
  root.querySelector(".finding").title = finding;
  root.querySelector(".seeing").textContent = seeing;
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${finding}. ${seeing}`);

  if (data.arrival && data.arrival !== window.seqganArrival) {
    window.seqganArrival = data.arrival;
    if (window.innerWidth <= 640)
      requestAnimationFrame(() => document.querySelector(".st-key-run-head")?.scrollIntoView());
  }

  root.latest = figure;
  const draw = (Plotly) => {
    if (!plot.clientWidth) return; // hidden; the observer draws when it has a width
    Plotly.react(plot, root.latest.data, themed(root.latest.layout, plot), settings);
  };
  plotly(data.plotly).then(draw).catch(() => {
    plot.textContent = "The chart's script did not load; reload the page.";
  });

  if (!root.observer) {
    let width = 0;
    root.observer = new ResizeObserver(() => {
      if (Math.abs(plot.clientWidth - width) < 2) return;
      width = plot.clientWidth;
      plotly(data.plotly).then(draw).catch(() => {});
    });
    root.observer.observe(plot);
  }
}
