import { jsonText } from './plain-text.js';
import type { Reporter } from './reporter.js';

/** The result document itself. */
export const json: Reporter = {
  name: 'json',
  title: 'the result document',
  report: (result) => jsonText(result),
};
