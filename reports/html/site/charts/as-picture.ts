/// <reference lib="dom" />

/** A plot that is one picture to who cannot see it, under one name; its parts have none of their own. */
export function asPicture<T extends Element>(plot: T, name: string): T {
  for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  for (const svg of plot.matches('svg') ? [plot] : plot.querySelectorAll('svg')) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', name);
  }
  return plot;
}
