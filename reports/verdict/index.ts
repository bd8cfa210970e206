import type { Reporter } from '../reporter.js';
import { verdictOf } from './verdict.js';
import { verdictText } from './verdict-text.js';

export const verdict: Reporter = {
  name: 'verdict',
  title: 'a verdict of at most 200 lines of JSON, for a program or an agent',
  report: (result, context) => verdictText(verdictOf(result, context)),
};
