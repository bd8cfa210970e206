/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Returns the page's element with this id. */
export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Makes an element; strings become text nodes. */
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

/** Makes the rows of a description list. */
export function terms(entries: readonly (readonly [string, string])[]): HTMLElement[] {
  return entries.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]);
}
