(() => {
  "use strict";
  const source = document.getElementById("plan-data").textContent;
  const plan = JSON.parse(source);
  const plots = [...document.querySelectorAll(".plot")];
  const switcher = document.querySelector(".switch");
  const state = { range: plan.range, arrangement: switcher.dataset.arrangement, hidden: new Set() };
  const MARGIN_PX = 56 + 12;
  const LABEL_PX = 52;
  const TICK_MINUTES = [15, 30, 60, 120, 180, 360, 720, 1440];

  // The axis runs in UTC without an offset; a Z makes the browser read it as such.
  const toMs = (text) => Date.parse(/Z$/.test(text) ? text : text.replace(" ", "T") + "Z");
  const toAxis = (ms) => new Date(ms).toISOString().slice(0, 19);
  const keyOf = (trace) => trace.legendgroup || trace.name;
  const inArrangement = (trace) => !trace.meta?.arrangement || trace.meta.arrangement === state.arrangement;

  function themed(name) {
    const style = getComputedStyle(document.documentElement);
    const pick = (key, value) => {
      const named = /color$/.test(key) && typeof value === "string" && /^var\((--[a-z-]+)\)$/.exec(value);
      return named ? style.getPropertyValue(named[1]).trim() : value;
    };
    return JSON.parse(JSON.stringify(plan.charts[name]), pick);
  }

  function timeAxis(widthPx) {
    const [from, to] = state.range.map(toMs);
    const near = plan.ticks.filter(([time]) => toMs(time) >= from && toMs(time) <= to);
    const room = Math.max(2, Math.floor((widthPx - MARGIN_PX) / LABEL_PX));
    const fits = (minutes) => near.filter(([, minute]) => minute % minutes === 0).length <= room;
    const every = TICK_MINUTES.find(fits) || 1440;
    const shown = near.filter(([, minute]) => minute % every === 0);
    return {
      range: state.range,
      tickmode: "array",
      tickvals: shown.map(([time]) => time),
      ticktext: shown.map(([, , label]) => label),
      title: { text: plan.axisTitle, font: { size: 11 }, standoff: 2 },
    };
  }

  function draw(plot) {
    if (plot.offsetParent === null) return;
    const name = plot.dataset.chart;
    const chart = themed(name);
    for (const trace of chart.data) {
      trace.visible = inArrangement(trace) && !state.hidden.has(`${name} ${keyOf(trace)}`);
    }
    Object.assign(chart.layout.xaxis, timeAxis(plot.clientWidth));
    // A finger on a chart scrolls the page; the buttons zoom.
    chart.layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom";
    const config = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false };
    const isNew = !plot.classList.contains("js-plotly-plot");
    Plotly.react(plot, chart.data, chart.layout, config);
    if (isNew) listen(plot);
  }

  function drawAll() {
    plots.forEach(draw);
  }

  function show(from, to) {
    const [first, last] = plan.range.map(toMs);
    const length = Math.min(to - from, last - first);
    const start = Math.min(Math.max(from, first), last - length);
    state.range = [toAxis(start), toAxis(start + length)];
    const whole = length >= last - first;
    for (const button of document.querySelectorAll(".zoom [data-hours]")) {
      const hours = Number(button.dataset.hours);
      button.setAttribute("aria-pressed", String(hours ? !whole && Math.abs(length - hours * 36e5) < 1000 : whole));
    }
    drawAll();
  }

  function listen(plot) {
    const cross = plot.appendChild(document.createElement("div"));
    cross.className = "crosshair";
    plot.on("plotly_relayout", (change) => {
      const from = change["xaxis.range[0]"], to = change["xaxis.range[1]"];
      if (from && to) show(toMs(from), toMs(to));
    });
    plot.on("plotly_doubleclick", () => show(...plan.range.map(toMs)));
    // All charts have the same width and margins, so one place on the screen is one moment in all of them.
    plot.addEventListener("pointermove", (event) => {
      const at = event.clientX - plot.getBoundingClientRect().left;
      const inside = at >= 56 && at <= plot.clientWidth - 12;
      placeCrosshairs(inside ? at : null);
    });
    plot.addEventListener("pointerleave", () => placeCrosshairs(null));
  }

  function placeCrosshairs(at) {
    for (const cross of document.querySelectorAll(".crosshair")) {
      cross.style.display = at === null ? "none" : "block";
      if (at !== null) cross.style.left = `${at}px`;
    }
  }

  function legend(box) {
    const name = box.dataset.legend;
    const entries = new Map();
    for (const trace of themed(name).data) {
      if (trace.meta?.legend !== false && inArrangement(trace)) entries.set(keyOf(trace), trace);
    }
    box.replaceChildren(...[...entries].map(([key, trace]) => {
      const button = document.createElement("button");
      const mark = document.createElement("i");
      if (trace.fillcolor) mark.style.background = trace.fillcolor;
      else {
        mark.className = "stroke";
        mark.style.borderTopColor = trace.line.color;
        const dash = trace.line.dash || "solid";
        mark.style.borderTopStyle = dash === "solid" ? "solid" : dash === "dot" ? "dotted" : "dashed";
      }
      button.type = "button";
      button.append(mark, trace.name);
      const id = `${name} ${key}`;
      button.setAttribute("aria-pressed", String(!state.hidden.has(id)));
      button.addEventListener("click", () => {
        if (!state.hidden.delete(id)) state.hidden.add(id);
        button.setAttribute("aria-pressed", String(!state.hidden.has(id)));
        draw(plots.find((plot) => plot.dataset.chart === name));
      });
      return button;
    }));
  }

  function arrange(arrangement) {
    state.arrangement = arrangement;
    for (const button of switcher.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.arrange === arrangement));
    }
    document.querySelectorAll('.legend[data-legend="power"]').forEach(legend);
    plots.filter((plot) => plot.dataset.chart === "power").forEach(draw);
  }

  function start() {
    document.querySelectorAll(".legend").forEach(legend);
    drawAll();
    arrange(state.arrangement);
    for (const button of switcher.querySelectorAll("button")) {
      button.addEventListener("click", () => arrange(button.dataset.arrange));
    }
    document.querySelector(".zoom").addEventListener("click", (event) => {
      const { hours, move } = event.target.dataset;
      const [from, to] = state.range.map(toMs);
      const [first, last] = plan.range.map(toMs);
      if (hours !== undefined) show(...(Number(hours) ? [from, from + hours * 36e5] : [first, last]));
      if (move !== undefined) show(from + move * (to - from), to + move * (to - from));
    });
    document.querySelectorAll("details").forEach((fold) => {
      fold.addEventListener("toggle", () => fold.querySelectorAll(".plot").forEach(draw));
    });
    const redraw = () => { document.querySelectorAll(".legend").forEach(legend); drawAll(); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    let waiting = 0;
    addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 120); });
  }

  if (plan.range) start();
})();
