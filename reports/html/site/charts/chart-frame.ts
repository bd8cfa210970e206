/// <reference lib="dom" />
import { element } from '../dom.js';

/** Frames a chart with its title; wide charts scroll, also by keyboard. */
export function chartFrame(title: string, ...content: Node[]): HTMLElement {
  return element(
    'section',
    { class: 'chart' },
    element('p', { class: 'chart-title' }, title),
    element('div', { class: 'scroll-plot', tabindex: '0', role: 'group', 'aria-label': title }, ...content),
  );
}
