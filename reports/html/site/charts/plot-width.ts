/// <reference lib="dom" />

/** Width of a chart in pixels: that of the page less its margins, at least 620 and at most 1100. On a narrower page the chart scrolls. */
export function plotWidth(): number {
  return Math.max(620, Math.min(1100, document.documentElement.clientWidth - 48));
}
