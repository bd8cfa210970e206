/// <reference lib="dom" />

/** Page and the reader's choices on it, all in the address. */
export interface Route {
  readonly page: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Parses an address from its `#` on, e.g. `#/matrix?verdict=fail`. Any text gives a route. */
export function parseRoute(hash: string): Route {
  const [, page = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return { page, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Formats a route from the `#` on. Omits empty parameters. */
export function formatRoute({ page, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}

/** Replaces the address without a history entry, for changes by typing. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', formatRoute(route));
}
