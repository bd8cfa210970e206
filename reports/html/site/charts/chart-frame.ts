/// <reference lib="dom" />
import { element } from '../dom.js';

/** A chart under its title; where it is too wide it scrolls, by keyboard too. */
export function chartFrame(title: string, ...content: Node[]): HTMLElement {
  return element(
    'section',
    { class: 'chart' },
    element('p', { class: 'chart-title' }, title),
    element('div', { class: 'scroll-plot', tabindex: '0', role: 'group', 'aria-label': title }, ...content),
  );
}
