/// <reference lib="dom" />

/** Of a chart: the page's, but never too narrow to be read; what is narrower scrolls. */
export function plotWidth(): number {
  return Math.max(620, Math.min(1100, document.documentElement.clientWidth - 48));
}
