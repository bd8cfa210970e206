import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reporters } from '../../reports/index.js';
import type { ReportContext } from '../../reports/reporter.js';
import type { Result } from '../../spec/types/documents.js';
import { madeUp } from './made-up.js';

const context: ReportContext = { colors: false, command: 'attn-cts', out: 'out', properties: {}, sources: {}, verbose: true };
/** Keys whose texts the schema fixes. */
const fixed = new Set(['verdict', 'dtype', 'layout', 'from', 'operator', 'distribution', 'started']);
const begun = '::error title=a::b\n  ::add-mask::c\n##[error]d\n\t##[command]e';

/** A result whose texts, names too, are what a stranger wrote. */
function forged<T>(value: T, text: string, key = ''): T {
  if (typeof value === 'string') return (fixed.has(key) ? value : text) as T;
  if (Array.isArray(value)) return value.map((each) => forged(each, text, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, forged(inner, text, name)])) as T;
}

/** Lines that a job on GitHub would obey: commands of both kinds, the first also behind white space. */
function obeyed(printed: string): string[] {
  return printed.split(/\r\n|[\r\n]/).filter((line) => /^\s*::/.test(line) || line.includes('##['));
}

describe.each(Object.keys(reporters).filter((name) => name !== 'github'))('what %s prints', (name) => {
  it('has no line of a stranger that a job on GitHub would obey', async () => {
    const reporter = await reporters[name].load();
    const texts = (result: Result) =>
      'files' in reporter ? Object.values(reporter.files(result, context)) : [reporter.report(result, context)];
    const given = fc.oneof(fc.constantFrom(begun, '', ' ', ':', '::', '#', '##', '[x', ' ::x'), fc.stringMatching(/^[\t\n :#[a]{0,8}$/));
    fc.assert(
      fc.property(given, (text) => {
        const result = {
          ...madeUp,
          adapters: forged(madeUp.adapters, text).map((each, i) => ({ ...each, id: `${text}${' '.repeat(i)}` })),
          checks: madeUp.checks.map((check) => {
            const at = madeUp.adapters.findIndex(({ id }) => id === check.adapter);
            return { ...forged(check, text), id: check.id, adapter: `${text}${' '.repeat(at)}` };
          }),
        };
        for (const printed of texts(result)) expect(obeyed(printed)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

it('every line of the annotations is one of ours', async () => {
  const github = await reporters['github'].load();
  const result = { ...madeUp, checks: madeUp.checks.map((check) => ({ ...forged(check, begun), id: check.id, adapter: check.adapter })) };
  const printed = 'files' in github ? '' : github.report(result, context);
  for (const line of obeyed(printed)) expect(line).toMatch(/^::(error|warning|notice) [^:]*::[^\n]*$/);
  expect(printed).not.toContain('##[');
});
