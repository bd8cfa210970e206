import type { Reporter } from './reporter.js';
import { jsonText } from './text/plain-text.js';

export const json: Reporter = {
  name: 'json',
  title: 'the result document',
  report: (result) => jsonText(result),
};
