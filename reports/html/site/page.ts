import type { Report } from './report.js';
import type { Route } from './route.js';

/** One page of the site. */
export interface Page {
  /** In the address. */
  readonly name: string;
  readonly title: string;
  /** It has a link in the navigation. */
  readonly listed: boolean;
  /** What it says, at this address. */
  render(report: Report, route: Route): Node[];
}
