(() => {
  "use strict";
  const report = JSON.parse(document.getElementById("report-data").textContent);
  const plots = [...document.querySelectorAll(".plot")];
  const hidden = new Set();
  for (const [name, chart] of Object.entries(report.charts)) {
    for (const trace of chart.data) if (trace.meta?.hidden) hidden.add(`${name} ${trace.name}`);
  }

  // A colour written var(--name) is looked up, since it differs between the light and the dark page; that of a step
  // of a colour scale is the second of a pair.
  function themed(name) {
    const style = getComputedStyle(document.documentElement);
    const pick = (key, value) => {
      const named = /color$|^1$/.test(key) && typeof value === "string" && /^var\((--[a-z-]+)\)$/.exec(value);
      return named ? style.getPropertyValue(named[1]).trim() : value;
    };
    return JSON.parse(JSON.stringify(report.charts[name]), pick);
  }

  function draw(plot) {
    const name = plot.dataset.chart;
    const chart = themed(name);
    for (const trace of chart.data) trace.visible = !hidden.has(`${name} ${trace.name}`);
    chart.layout.dragmode = false;
    Plotly.react(plot, chart.data, chart.layout, { displayModeBar: false, responsive: true, showTips: false });
    legend(plot, chart);
  }

  function legend(plot, chart) {
    const place = plot.previousElementSibling;
    place.replaceChildren(...chart.data.filter((trace) => trace.name).map((trace) => {
      const key = `${plot.dataset.chart} ${trace.name}`;
      const button = document.createElement("button");
      const swatch = document.createElement("i");
      swatch.style.background = (trace.line || trace.marker).color;
      button.type = "button";
      button.setAttribute("aria-pressed", String(!hidden.has(key)));
      button.append(swatch, trace.name);
      button.addEventListener("click", () => {
        if (!hidden.delete(key)) hidden.add(key);
        draw(plot);
      });
      return button;
    }));
  }

  const drawAll = () => plots.forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
})();
