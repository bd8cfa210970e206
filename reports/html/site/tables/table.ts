/// <reference lib="dom" />
import { element } from '../dom.js';

/** Table that scrolls sideways if it is too wide; the first cell of each row is its header. */
export function table(caption: string, head: readonly (Node | string)[], rows: readonly (readonly (Node | string)[])[]): HTMLElement {
  const body = rows.map(([first, ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((cell) => (isCell(cell) ? cell : element('td', {}, cell)))),
  );
  return scrolling(
    caption,
    element(
      'table',
      {},
      element('caption', { class: 'hidden' }, caption),
      element('thead', {}, element('tr', {}, ...head.map((cell) => element('th', { scope: 'col' }, cell)))),
      element('tbody', {}, ...body),
    ),
  );
}

/** Section that scrolls and that the keyboard can reach. */
export function scrolling(label: string, content: Node): HTMLElement {
  return element('section', { class: 'scroll', tabindex: '0', 'aria-label': label }, content);
}

function isCell(cell: Node | string): cell is HTMLTableCellElement {
  return cell instanceof HTMLTableCellElement;
}
