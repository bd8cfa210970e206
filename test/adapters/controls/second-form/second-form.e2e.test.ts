import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../../adapters/adapter.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { builtIns } from '../../../../adapters/registry.js';
import { createLibrary, type SpecDocument } from '../../../../spec/library.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import { everyProperty, judgeOperators, type Told } from '../../../suites/judge-operators.js';
import { twoForms } from './two-forms.js';

const document: SpecDocument = { kind: 'operator', document: 'two-forms.json', value: twoForms };
const { operators, masks } = createLibrary([document]);

async function judged(adapter: Adapter, documents: readonly SpecDocument[], runs: number): Promise<Told[]> {
  // histories have tokens of q, k and v alone
  const filter = ['two-forms{,+*}/*/{oracle,gradient,empty-row,strided,deterministic,visibility,non-interference,batch-invariant}/f32'];
  return judgeOperators(adapter, await adapter.open(), documents, { runs, filter });
}

/** Checks that neither pass nor are left out for a reason. */
function troubles(told: readonly Told[]): string[] {
  return told
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')
    .map(({ id, verdict, why }) => `${id}: ${verdict} ${why}`);
}

describe('the adapter second-form', () => {
  it('is judged by name alone', () => {
    expect(builtIns['second-form'].slow).toEqual([]);
  });

  it('claims every operator with a second form, with all that the documents define', async () => {
    const { capabilities } = await loadAdapter('second-form');
    expect(capabilities.operators).toEqual(operatorDocuments.flatMap(({ name, second }) => (second ? [name] : [])));
    expect(capabilities.dtypes).toEqual(['f32', 'f16', 'bf16']);
    const added = (await loadAdapter('second-form', { operators, masks })).capabilities;
    expect(added.operators).toContain('two-forms');
    expect(added.options).toEqual(expect.arrayContaining(['slope', 'gate']));
    expect(added.outputs).toEqual(expect.arrayContaining(['o', 'total']));
    expect(added.gradients).toEqual(expect.arrayContaining(['q', 'k', 'v', 'gate']));
  });

  it('reads and gives f16 and bf16 as they are, and computes in f32', async () => {
    const adapter = await loadAdapter('second-form', { operators, masks });
    const told = await judgeOperators(adapter, await adapter.open(), [document, everyProperty(['two-forms'])], {
      runs: 2,
      filter: ['two-forms/full/{oracle,gradient,deterministic}/{f16,bf16}'],
    });
    expect(troubles(told)).toEqual([]);
    expect(told.filter(({ verdict }) => verdict === 'pass').length).toBe(told.length);
    expect(told.length).toBeGreaterThan(3);
  }, 60_000);

  it('is a right kernel of a document of one’s own: every mask, an option, an optional input, two outputs, every gradient', async () => {
    const adapter = await loadAdapter('second-form', { operators, masks });
    const told = await judged(adapter, [document, everyProperty(['two-forms'])], 2);
    expect(troubles(told)).toEqual([]);
    const passed = told.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(
      expect.arrayContaining([
        'two-forms/full/oracle/f32',
        'two-forms/causal/oracle/f32',
        'two-forms+composed/any/gradient/f32',
        'two-forms+all/any/gradient/f32',
        'two-forms/any/empty-row/f32',
        'two-forms/any/strided/f32',
        'two-forms/any/deterministic/f32',
      ]),
    );
  }, 120_000);
});
