/// <reference lib="dom" />

/** Width of a chart: the page without margins, within 620 to 1100 pixels. */
export function plotWidth(): number {
  return Math.max(620, Math.min(1100, document.documentElement.clientWidth - 48));
}
