/// <reference lib="dom" />
import { element } from './dom.js';
import type { Report } from './report.js';
import { formatRoute } from './route.js';

export function link(page: string, params: Readonly<Record<string, string>>, ...children: (Node | string)[]): HTMLElement {
  return element('a', { href: formatRoute({ page, params }) }, ...children);
}

/** Links to the page of a check of an implementation. */
export function checkLink(report: Report, implementation: number, check: number, ...children: (Node | string)[]): HTMLElement {
  const { implementations, ids } = report.index;
  return link('check', { adapter: implementations[implementation].key, id: ids[check] }, ...children);
}
