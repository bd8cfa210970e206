import { describe, expect, it } from 'vitest';
import { mutants } from '../../../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../../../adapters/controls/mutants/lib/adapter.js';
import { createLibrary } from '../../../../../spec/library.js';
import { declaredAxes } from '../../../../../spec/operator/facts.js';
import { roundTo } from '../../../../../spec/tensor/float-bits.js';
import type { Operator } from '../../../../../spec/types/documents.js';
import { recurrenceOf } from '../../../../../suites/diagnosis/hints/states/recurrence.js';
import { fewOf, inEvery } from '../../../../some.js';
import { checked, checkedHint } from '../../../runner/checked.js';
import { type RecurrentOperator, type RecurrentSteps, recurrentClaims, recurrentKernel, transposed } from './recurrent-kernel.js';

const library = createLibrary();
const all: readonly RecurrentOperator[] = ['gated-delta', 'kda', 'gla', 'mamba-2', 'rwkv-7'];
/** A check that draws all options, and heads that share a key head where an operator has them. */
const checkOf = (operator: string) => {
  const isGrouped = Object.values(declaredAxes(library.operators.get(operator) as Operator)).some((axes) => axes.includes('g'));
  return isGrouped ? `${operator}+all/any/oracle/f32` : `${operator}/full/oracle/f32`;
};

/** Cases per check: a kernel here goes from token to token in this process. */
const RUNS = 15;
const checkedFew = [0, undefined, undefined, RUNS] as const;

const hintOf = (operator: RecurrentOperator, steps: Partial<RecurrentSteps>) =>
  checkedHint(recurrentKernel(operator, steps), checkOf(operator), recurrentClaims(operator), ...checkedFew);

const whole = (size: number) => (n: number) => n - (n % size);
const neighbour = (of: string, step: number) => (name: string, t: number, n: number) =>
  name === of ? Math.max(0, Math.min(n - 1, t + step)) : t;
const forgetting = (size: number) => (state: Float64Array, t: number) => (t > 0 && t % size === 0 ? state.map(() => 0) : state);
const inBf16 = (state: Float64Array, t: number) => (t > 0 ? state.map((x) => roundTo('bf16', x)) : state);

const faults: [RecurrentOperator, string, Partial<RecurrentSteps>, RegExp][] = [
  ['gated-delta', 'exp2 for exp', { kept: (x) => 2 ** x }, /power of 2 instead of e/],
  ['gated-delta', 'decay after the write', { decays: 'after-write' }, /decays the state after the write/],
  ['gated-delta', 'heads in turn', { keyHead: (h, _, hk) => h % hk }, /reads key head h mod Hk.*--dialect heads=tiled/],
  [
    'gated-delta',
    'the state of a chunk is lost',
    { begin: forgetting(16) },
    /every chunk of (8 or )?16 tokens but the first begins with a state of zeros/,
  ],
  ['gated-delta', 'beta of the token before', { token: neighbour('beta', -1) }, /reads beta of the token before it/],
  ['kda', 'keys read the undecayed state', { keysReadOther: true }, /keys read the state before its decay/],
  ['kda', 'a state in bf16', { begin: inBf16, handOn: (x) => roundTo('bf16', x) }, /kept in bf16 from token to token/],
  ['kda', 'a state without the last part of a chunk', { tokensOfState: whole(16) }, /final state lacks the last chunk of .*16.* tokens/],
  ['gla', 'gate of the token after', { token: neighbour('gate', 1) }, /reads gate of the token after it/],
  ['gla', 'no exponential', { kept: (x) => x }, /logarithm of the decay: its exp is left out/],
  ['mamba-2', 'a state written transposed', { placeWritten: transposed }, /writes state as \[d, e\], where it is \[e, d\]/],
  ['mamba-2', 'the last part of a chunk left out', { tokens: whole(16) }, /leaves out the last chunk of .*16.* tokens/],
  ['rwkv-7', 'the removal reads the decayed state', { keysReadOther: true }, /keys read the state after its decay/],
];

const more: typeof faults = [
  ['rwkv-7', 'an initial state read transposed', { placeRead: transposed }, /reads initial as \[e, d\], where it is \[d, e\]/],
  ['gla', 'decay after the read', { decays: 'after-read' }, /decays the state after the read/],
  ['kda', 'log2 e too many', { kept: (x) => Math.exp(Math.LOG2E * x) }, /log2 e too many/],
  ['gated-delta', 'nothing erased', { erased: 0 }, /removes nothing from the state/],
  ['rwkv-7', 'erased with the other sign', { erased: -1 }, /adds the value that a key reads/],
  ['mamba-2', 'read before write', { readsFirst: true }, /read the state before their own write/],
  ['gated-delta', 'an initial state that is ignored', { begin: (state, t) => (t === 0 ? state.map(() => 0) : state) }, /without initial/],
  ['gla', 'a final state in f16', { handOn: (x) => roundTo('f16', x) }, /passes the final state on in f16/],
];

/** Mutants of documents with a loop over the tokens, of which an input is read one token late, whatever the document. */
const late = mutants.flatMap((mutant) => {
  const [name] = mutant.operators ?? [];
  const operator = mutant.id.endsWith('-gate-late') && typeof name === 'string' ? library.operators.get(name) : undefined;
  return operator && recurrenceOf(operator) ? [{ operator, mutant }] : [];
});

describe('a kernel of a recurrence', () => {
  it.each(fewOf(all, 2))('is right as it is written first: %s', async (operator) => {
    expect(await checked(recurrentKernel(operator), checkOf(operator), recurrentClaims(operator), ...checkedFew)).toMatchObject({
      verdict: 'pass',
    });
  });

  it.each([...faults, ...inEvery(more)])('of %s with a fault is explained: %s', { timeout: 240_000 }, async (operator, _, steps, said) => {
    expect(await hintOf(operator, steps)).toMatch(said);
  });

  it.each(fewOf(late, 2))(
    'of $operator.name that reads an input late is explained',
    async ({ operator, mutant }) => {
      const adapter = adapterOf(mutant);
      const hint = await checkedHint(
        await adapter.open(),
        checkOf(operator.name),
        { ...adapter.capabilities, dtypes: ['f32'] },
        ...checkedFew,
      );
      expect(hint).toBe(`the output matches a kernel where each token reads ${mutant.title.split(' ')[0]} of the token before it`);
    },
    240_000,
  );

  it('is not explained by a fault that it does not have', async () => {
    // a part of the state is lost that no fault of a list has lost
    const odd = await hintOf('gla', { begin: (state, t) => (t % 3 === 2 ? state.map((x) => 0.7 * x) : state) });
    expect(odd ?? '').not.toMatch(/the output matches/);
  });
});
