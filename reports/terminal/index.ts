import pc from 'picocolors';
import type { Reporter } from '../reporter.js';
import { printable } from '../text/plain-text.js';
import { fullReport } from './full.js';
import { shortReport } from './short.js';

/** Reporter for a terminal. Only pass and fail have a colour, green and red. */
export const terminal: Reporter = {
  name: 'terminal',
  title: 'a summary for a terminal, of at most 40 lines; --verbose: everything',
  report(given, context) {
    const result = printable(given);
    const colors = pc.createColors(context.colors);
    return context.verbose ? fullReport(result, context, colors) : shortReport(result, context, colors);
  },
};
