// Draw Vega-Lite specifications that the server wrote. The bundle is large, so it is fetched only where a chart stands.
const COLOURS = () => getComputedStyle(document.documentElement);

export async function drawCharts(root) {
  const places = [...root.querySelectorAll("[data-chart]:not([data-drawn])")];
  if (!places.length) return;
  try {
    await import("/static/vega.js"); // sets window.vegaEmbed
  } catch {
    return; // the text beside the chart says the same
  }
  for (const place of places) {
    place.dataset.drawn = "";
    const spec = { autosize: { type: "fit-x", contains: "padding" }, ...JSON.parse(place.dataset.chart) };
    await window.vegaEmbed(place, spec, {
      actions: false, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, renderer: "svg", config: theme(),
    }).catch(() => { place.textContent = ""; });
  }
}

function theme() {
  const ink = COLOURS().getPropertyValue("--ink-2").trim();
  const line = COLOURS().getPropertyValue("--line").trim();
  const axis = { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400 };
  const colour = (name) => COLOURS().getPropertyValue(`--s-${name}`).trim();
  const category = ["speed", "minor", "waiting", "breakdown", "set-up", "scrap", "start-up", "unclassified"].map(colour);
  return { padding: { left: 0, top: 4, right: 40, bottom: 4 }, range: { category }, mark: { color: category[0] }, background: "transparent", axis, legend: { labelColor: ink, titleColor: ink }, text: { fill: ink, color: ink }, view: { stroke: null } };
}
