import type { Reporter } from './reporter.js';

/** The result document itself. */
export const json: Reporter = {
  name: 'json',
  report: (result) => `${JSON.stringify(result, null, 2)}\n`,
};
