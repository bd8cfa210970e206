/// <reference lib="dom" />

/** Where a reader is: a page and what is chosen on it. All of it is in the address. */
export interface Route {
  readonly page: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What an address says after its `#`, such as `#/matrix?verdict=fail`. Whatever is there, it is read as something. */
export function parseRoute(hash: string): Route {
  const [, page = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return { page, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Empty parameters are left out. */
export function formatRoute({ page, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}

/** Changes the address where typing should leave no trail for the back button. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', formatRoute(route));
}
