import { stringify } from 'csv-stringify/sync';
import type { Reporter } from './reporter.js';
import { groupBy } from './result/result.js';
import { allSubjects, bySubject, supportOf } from './result/support.js';
import { plainLine } from './text/plain-text.js';

/** A row for each implementation (adapter, version, device), a column for each operator, dtype, mask, feature, property and scheme. */
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
    // a spreadsheet would run what begins like a formula
    return stringify(
      [head, ...rows].map((row) => row.map(plainLine)),
      { escape_formulas: true },
    );
  },
};
