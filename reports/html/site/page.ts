import type { Report } from './report.js';
import type { Route } from './route.js';

/** Page of the site. */
export interface Page {
  /** Name of the page in addresses. */
  readonly name: string;
  readonly title: string;
  /** True if the navigation has a link to the page. */
  readonly listed: boolean;
  /** Renders the content of the page at an address. */
  render(report: Report, route: Route): Node[];
}
