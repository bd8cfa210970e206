import { describe, expect, it } from 'vitest';
import { json } from '../../../reports/json.js';
import { describeTally, expectedFailuresOf, groupBy, propertiesOf } from '../../../reports/result/result.js';
import { replayLine } from '../../../reports/text/replay-line.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { Case } from '../../../spec/types/documents.js';
import { context, madeUp } from '../made-up.js';

describe('reading a result', () => {
  it('counts expected failures of a profile by its own checks and those it includes', () => {
    const tally = (name: string, adapter = 'mine') => expectedFailuresOf(madeUp, { name, adapter });
    expect([tally('core@1'), tally('training@1'), tally('operators@1'), tally('core@1', 'reference'), tally('theirs@2')]).toEqual([
      1, 1, 0, 0, 0,
    ]);
  });

  it('says a tally in words, without what did not occur', () => {
    const [first, , third] = madeUp.profiles;
    expect(describeTally(first, 0)).toBe('2 pass');
    expect(describeTally(third, 1)).toBe('2 pass, 2 fail, 1 crash (1 expected), 1 error, 1 unsupported, 1 not-run');
    expect(describeTally({ name: 'x@1', adapter: 'mine', pass: 0 }, 0)).toBe('no checks');
  });

  it('keeps first appearances in order', () => {
    expect(propertiesOf(madeUp).slice(0, 3)).toEqual(['oracle', 'gradient', 'deterministic']);
    expect([...groupBy([3, 1, 4, 1, 5], (x) => x % 2)]).toEqual([
      [1, [3, 1, 1, 5]],
      [0, [4]],
    ]);
  });

  it('writes a line that a shell reads as it is meant', () => {
    expect(replayLine('reference', 'failures/reference/x', context)).toBe(
      'npx attention-cts replay attn-cts-out/failures/reference/x/failure.json',
    );
    expect(replayLine('mine', 'f', { ...context, out: "it's/", sources: { mine: './k.js' } })).toBe(
      "npx attention-cts replay 'it'\\''s/f/failure.json' --adapter ./k.js",
    );
  });

  it('names the ranks that a replay starts as threads or processes', () => {
    const [c] = madeUp.checks.flatMap(({ failure }) => (failure ? [failure.case] : []));
    const line = (id: string, parallel?: Case['parallel']) =>
      replayLine('reference', 'f', context, { id, case: { ...c, ...(parallel && { parallel }) } }).replace(/^.*failure\.json/, '');
    const check = 'softmax/full/single-device/f32@ring';
    expect(line(check)).toBe('');
    expect(line(check, { scheme: 'ring', ranks: 64 })).toBe('');
    expect(line(check, { scheme: 'ring', ranks: 64, transport: 'simulated' })).toBe('');
    for (const transport of ['workers', 'mpi', 'own'] as const)
      expect(line(check, { scheme: 'ring', ranks: 5, transport })).toBe(' --ranks 5');
    expect(line('softmax/any/any-world/f32@ring', { scheme: 'ring', ranks: 5, transport: 'mpi' })).toBe(' --ranks 8');
  });

  it('is the whole document as JSON', () => {
    expect(parseDocument('result', json.report(madeUp, context), 'result.json')).toEqual(madeUp);
  });
});
