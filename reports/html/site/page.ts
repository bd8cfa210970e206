import type { Report } from './report.js';
import type { Route } from './route.js';

/** Page of the site. */
export interface Page {
  readonly name: string;
  readonly title: string;
  /** Title for an address, if it differs. */
  titleOf?(route: Route): string | undefined;
  readonly listed: boolean;
  readonly within?: string;
  /** True if a site without results, of timings or simulations alone, lists the page. */
  readonly needsNoResults?: boolean;
  /** Renders the page's content; a promise, if it loads data. */
  render(report: Report, route: Route): Node[] | Promise<Node[]>;
}
