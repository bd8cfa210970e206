import { reporters } from '../../reports/index.js';
import type { FolderReporter, Reporter } from '../../reports/reporter.js';
import type { Result } from '../../spec/types/documents.js';
import { check, context, madeUp, minimalCase } from '../reports/made-up.js';

const size = { adapters: 20, checks: 2000 };
/** A run of that size on two cores, at a tenth of a second a check, unsupported ones too: what 2 % is measured against. */
const runMilliseconds = (size.adapters * size.checks * 100) / 2;

/** Each format over 20 adapters × 2,000 checks, one in twenty of which fails: target under 2 % of the run in all. */
export async function benchReports(): Promise<void> {
  const result = largeResult();
  let total = 0;
  const times: string[] = [];
  for (const [name, { load }] of Object.entries(reporters)) {
    const reporter = await load();
    const begun = performance.now();
    const bytes = sizeOf(reporter, result);
    const taken = performance.now() - begun;
    total += taken;
    times.push(`${name} ${Math.round(taken)} ms ${(bytes / 2 ** 20).toFixed(1)} MiB`);
  }
  const share = ((100 * total) / runMilliseconds).toFixed(2);
  console.log(`reports over ${size.adapters} × ${size.checks} checks: ${times.join(', ')}: ${share} % of a run of 100 ms a check`);
}

function sizeOf(reporter: Reporter | FolderReporter, result: Result): number {
  const texts = 'files' in reporter ? Object.values(reporter.files(result, context)) : [reporter.report(result, context)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** A made-up result of that size. */
export function largeResult(): Result {
  const adapters = Array.from({ length: size.adapters }, (_, a) => ({ ...madeUp.adapters[0], id: `adapter-${a}` }));
  const checks = adapters.flatMap(({ id }) =>
    Array.from({ length: size.checks }, (_, i) => {
      const name = `softmax/m${i >> 4}/p${i % 16}/f32`;
      if (i % 20 > 2) return check(id, name, {});
      if (i % 20 > 0) return check(id, name, { verdict: 'unsupported', reason: 'not claimed' });
      const failure = { case: minimalCase, message: 'o is not a number', folder: `failures/${id}/${i}`, reproduced: 5 };
      return check(id, name, { verdict: 'fail', class: 'value', failure });
    }),
  );
  const profiles = adapters.map(({ id }) => ({ name: 'core@1', adapter: id, pass: 1700, fail: 100, unsupported: 200 }));
  return { ...madeUp, adapters, checks, profiles };
}
