import type { Report } from './report.js';
import type { Route } from './route.js';

/** Page of the site. */
export interface Page {
  /** Name of the page in addresses. */
  readonly name: string;
  readonly title: string;
  /** Title of the page at an address, if it has one of its own. */
  titleOf?(route: Route): string | undefined;
  /** True if the navigation has a link to the page. */
  readonly listed: boolean;
  /** Page of the navigation that this one belongs to. */
  readonly within?: string;
  /** Renders the content of the page at an address; a promise, if it needs a part of the data that may not be loaded. */
  render(report: Report, route: Route): Node[] | Promise<Node[]>;
}
