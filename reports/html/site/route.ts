/// <reference lib="dom" />

/** Route of a reader: a page and the choices made on it. The address contains all of it. */
export interface Route {
  readonly page: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Parses the part of an address after its `#`, such as `#/matrix?verdict=fail`. Any text gives a route. */
export function parseRoute(hash: string): Route {
  const [, page = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return { page, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Formats a route as an address from its `#` on. Empty parameters are left out. */
export function formatRoute({ page, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}

/** Replaces the address without a new entry in the history, for changes by typing that the back button should not retrace. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', formatRoute(route));
}
