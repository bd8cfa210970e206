/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** The element of the page with this id. */
export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** A new element; texts stay texts, whatever is in them. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Rows of a description list. */
export function terms(entries: readonly (readonly [string, string])[]): HTMLElement[] {
  return entries.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]);
}
