
"use strict";
// Draws the report's charts in the colours of its style, anew when the style goes from light to dark.
(() => {
  const { charts } = JSON.parse(document.getElementById("facts").textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const short = (text) => (text.length > 26 ? `${text.slice(0, 25)}…` : text);
  const drawn = [];

  const draw = ({ id, kind, labels, series }) => {
    const figure = document.getElementById(`chart-${id}`);
    figure.hidden = false;
    const isBars = kind === "bars";
    const grid = { color: colour("line") };
    const ticks = { color: colour("soft") };
    const names = { ticks: { ...ticks, autoSkip: !isBars, callback: (_, at) => short(labels[at]) }, grid: { display: false }, stacked: kind !== "lines" };
    const numbers = { ticks: { ...ticks, precision: kind === "lines" ? undefined : 0 }, grid, beginAtZero: true, stacked: kind !== "lines" };
    figure.firstElementChild.style.height = isBars ? `${3 + 1.5 * labels.length + (series.length > 1 ? 2 : 0)}rem` : "16rem";
    drawn.push(new Chart(figure.querySelector("canvas"), {
      type: kind === "lines" ? "line" : "bar",
      data: {
        labels,
        datasets: series.map(({ name, values, tone }) => ({ label: name, data: values, backgroundColor: colour(tone), borderColor: colour(tone) })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        indexAxis: isBars ? "y" : "x",
        scales: { x: isBars ? numbers : names, y: isBars ? names : numbers },
        plugins: {
          legend: { display: series.length > 1, labels: { color: colour("ink") } },
          tooltip: { callbacks: { title: (items) => labels[items[0].dataIndex] } },
        },
      },
    }));
  };

  const drawAll = () => {
    drawn.splice(0).forEach((chart) => chart.destroy());
    charts.forEach(draw);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
})();
