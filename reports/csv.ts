import { stringify } from 'csv-stringify/sync';
import type { Reporter } from './reporter.js';
import { groupBy } from './result/result.js';
import { allSubjects, bySubject, supportOf } from './result/support.js';
import { plainLine } from './text/plain-text.js';

/** Support matrix: rows are implementations, columns are operators, dtypes, masks and so on. */
export const csv: Reporter = {
  name: 'csv',
  title: 'a support matrix, for a spreadsheet',
  report(result) {
    const subjects = allSubjects(result);
    const checks = groupBy(result.checks, (c) => c.adapter);
    const rows = result.adapters.map(({ id, version, environment, unavailable }) => {
      const support = bySubject(checks.get(id) ?? []);
      const device = environment['device'] ?? '';
      return [id, version ?? '', device, unavailable?.reason ?? '', ...subjects.map((s) => supportOf(support.get(s) ?? []) ?? '')];
    });
    const head = ['adapter', 'version', 'device', 'unavailable', ...subjects];
    // escape texts that a spreadsheet would run as formulas
    return stringify(
      [head, ...rows].map((row) => row.map(plainLine)),
      { escape_formulas: true },
    );
  },
};
