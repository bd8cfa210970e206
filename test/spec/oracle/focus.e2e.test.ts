import { describe, expect, it, vi } from 'vitest';
import { type MatrixLoops, matrixLoops } from '../../../spec/matrix/loops.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { softmaxBackward } from '../../../spec/oracle/softmax-backward.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { type Changes, targetedProblem } from './targeted.js';

const window = { name: 'sliding-window', parameters: { left: 100, right: 0 } };
const forms: readonly (readonly [string, Changes])[] = [
  ['causal', {}],
  ['heads of 32 columns', { dims: { d: 32, n: 320 } }],
  ['heads of 80 columns', { dims: { d: 80, n: 320 } }],
  ['no mask', { mask: { name: 'full' } }],
  ['a window', { mask: window }],
  ['documents', { mask: { name: 'document-causal', parameters: { lengths: [100, 0, 37, 375] } } }],
  ['heads that share keys', { dims: { hk: 2, g: 2, n: 256 } }],
  ['a scale of 1', { options: { scale: 1 } }],
  ['a softcap', { options: { softcap: 50 } }],
  ['decoding', { dims: { m: 3, n: 2000 }, mask: { name: 'full' } }],
  ['a sink', { options: { sink: true }, dims: { n: 256 } }],
];

const every = (problem: Problem): Problem => ({ ...problem, focus: undefined });

/** Largest difference of two values of an output, in bounds of the first. */
function distance(x: Expectation, y: Expectation, output: string): number {
  const { value, bound } = x.outputs[output];
  return value.reduce((most, r, at) => Math.max(most, Math.abs(r - y.outputs[output].value[at]) / bound[at] || 0), 0);
}

describe('the oracle of rows that have a focus', () => {
  it.each(forms)('%s: what the other keys do lies far within the bounds', (_, changes) => {
    const problem = targetedProblem(changes);
    expect(problem.focus).toBeDefined();
    for (const gradients of [false, true]) {
      const [focused, whole] = [expectationOf(problem, gradients), expectationOf(every(problem), gradients)];
      for (const output of Object.keys(focused.outputs)) expect(distance(focused, whole, output), output).toBeLessThan(0.3);
    }
  });

  it.each(forms)('%s: blocks of rows that have the same target have the values and bounds of one row at a time', (_, changes) => {
    const problem = targetedProblem({ dtype: 'bf16', ...changes });
    const none = () => undefined;
    for (const [blocks, rows] of [
      [softmaxForward(problem), softmaxForward(problem, undefined, none)],
      [softmaxBackward(problem), softmaxBackward(problem, none)],
    ]) {
      expect(blocks.empty).toEqual(rows.empty);
      for (const [output, { value, bound }] of Object.entries(rows.outputs)) {
        expect(distance(rows, blocks, output), output).toBeLessThan(1e-6);
        bound.forEach((x, at) => {
          if (!(Math.abs(x - blocks.outputs[output].bound[at]) <= 1e-9 * x))
            expect([at, blocks.outputs[output].bound[at], value[at]]).toEqual([at, x]);
        });
      }
    }
  });

  it('computes by blocks', () => {
    const problem = targetedProblem();
    for (const run of [softmaxForward, softmaxBackward]) {
      const spread = vi.spyOn(matrixLoops() as MatrixLoops, 'spread');
      run(problem);
      expect(spread.mock.calls.length).toBeGreaterThan(8);
      spread.mockRestore();
    }
  });

  it.each(forms)('%s: the others weigh no more than is said', (_, changes) => {
    const problem = targetedProblem(changes);
    const [own, all] = [new SoftmaxRow(problem), new SoftmaxRow(every(problem))];
    for (let row = 0; row < own.heads * own.m; row++) {
      const [h, i] = [Math.floor(row / own.m), row % own.m];
      expect(own.load(0, h, i)).toBe(all.load(0, h, i));
      const kept = new Set(own.key.subarray(0, own.count));
      let rest = 0;
      for (let c = 0; c < all.count; c++) if (!kept.has(all.key[c])) rest += all.weight[c];
      expect(rest).toBeLessThanOrEqual(own.others);
      expect(own.others).toBeLessThan(problem.case.options.softcap ? 1e-3 : 1e-5);
    }
  });

  it('has bounds that do not grow with the number of keys', () => {
    const largest = (n: number) => {
      const { o, lse } = expectationOf(targetedProblem({ dims: { m: 4, n, d: 64 } }), false).outputs;
      return [Math.max(...o.bound), Math.max(...lse.bound)];
    };
    const [short, long] = [largest(256), largest(65_536)];
    for (const [x, bound] of long.entries()) expect(bound).toBeLessThan(2 * short[x]);
  });

  it('leaves every visible key in where inputs cannot be chosen so', () => {
    for (const changes of [{ dims: { d: 27 } }, { options: { softcap: 5 } }, { options: { scale: -1 } }] as Changes[])
      expect(targetedProblem({ ...changes, dims: { n: 200, ...changes.dims } }).focus).toBeUndefined();
  });

  it('meets a hidden block that leaks into a row that has it as a decoy', () => {
    const problem = targetedProblem({ dtype: 'bf16' });
    const { focus, mask } = problem as Problem & { focus: NonNullable<Problem['focus']> };
    const decoyed = focus.kind.findIndex((kind) => kind > 0);
    expect(decoyed).toBeGreaterThan(0);
    const open: Problem = { ...every(problem), mask: { ...mask, runs: (_b, _h, _i, out) => Number(out.set([0, mask.n]) ?? 1) } };
    const [right, leaking] = [expectationOf(problem, false), expectationOf(open, false, (_b, _h, i) => i === decoyed)];
    const { value, bound } = right.outputs.o;
    const e = problem.case.dims.e;
    let most = 0;
    for (let at = decoyed * e; at < (decoyed + 1) * e; at++)
      most = Math.max(most, Math.abs(value[at] - leaking.outputs.o.value[at]) / bound[at]);
    expect(most).toBeGreaterThan(10);
  });
});
