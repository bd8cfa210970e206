/// <reference lib="dom" />

/** Makes a plot a single named image for screen readers. */
export function asPicture<T extends Element>(plot: T, name: string): T {
  for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  for (const svg of plot.matches('svg') ? [plot] : plot.querySelectorAll('svg')) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', name);
  }
  return plot;
}
