import type { Reporter } from './reporter.js';

/** The result document itself. */
export const json: Reporter = {
  name: 'json',
  title: 'the result document',
  report: (result) => `${JSON.stringify(result, null, 2)}\n`,
};
