import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { longMutants } from '../../../adapters/controls/mutants/long.js';
import type { DrawRequest } from '../../../generators/lib/needs.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary, whyUndrawable } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Capabilities, Case } from '../../../spec/types/documents.js';
import { longTargeted } from '../../../suites/properties/kernel/long.js';
import { asksAll, firstOf } from '../../some.js';
import { claims, library, referenceWith, tryCases } from './on-kernel.js';

/** A step of decoding at 15 bits of keys: what tests can afford. */
const decoding = { m: { max: 8 }, n: { max: 2 ** 15 + 1 }, d: [32] };
const backward = claims({ gradients: ['q', 'k', 'v'], limits: decoding });

const mutant = (id: string) => longMutants.find((own) => own.id === id) as Mutant;

function request(changes: Partial<DrawRequest> = {}): DrawRequest {
  return { operator: 'softmax', mask: 'sliding-window', dtype: 'f32', needs: longTargeted.needs, speed: 'medium', ...changes };
}

function drawn(capabilities: Partial<Capabilities>, changes: Partial<DrawRequest> = {}, count = 12): Case[] {
  const arbitrary = caseArbitrary(Claims.of(library, claims(capabilities)), request(changes));
  return Array.from({ length: count }, (_, index) => drawCase(arbitrary, caseSeed(1, index, 0)).value);
}

describe('long-targeted', () => {
  it.skipIf(asksAll)(
    'passes a correct kernel, both passes of it',
    async () => {
      expect(await tryCases(longTargeted, referenceWith(), 2, 'f32', backward)).toEqual({ decided: 2 });
      expect(await tryCases(longTargeted, referenceWith(), 1, 'bf16', backward)).toEqual({ decided: 1 });
    },
    120_000,
  );

  it.each(firstOf(['position-int16', 'value-tile-stale', 'last-tile-of-last-split'], 1))(
    'fails a kernel with %s',
    async (id) => {
      const { failure, case: c } = await tryCases(
        longTargeted,
        await adapterOf(mutant(id)).open(),
        12,
        'f32',
        claims({ limits: decoding }),
      );
      expect(failure).toMatchObject({ class: 'value', output: 'o' });
      expect(c?.dims.n).toBeGreaterThanOrEqual(2 ** 15 - 1);
    },
    60_000,
  );

  it.skipIf(asksAll)(
    'fails a backward pass that leaves columns of dq unwritten',
    async () => {
      const { failure } = await tryCases(longTargeted, await adapterOf(mutant('dq-columns-unwritten')).open(), 6, 'f32', backward);
      expect(failure).toMatchObject({ class: 'gradient', output: 'dq', call: 1 });
    },
    120_000,
  );
});

describe('cases of long-targeted', () => {
  it.skipIf(asksAll)('are as long as is claimed where a mask hides most keys, and no longer than is affordable where it does not', () => {
    const cost = ({ dims: { b, hk, g, m, n, d, e } }: Case) => b * hk * g * m * n * (d + e);
    const usual = drawn({ limits: {} });
    expect(Math.max(...usual.map(cost))).toBeLessThan(5e9);
    const long = drawn({ limits: { m: { max: 2 ** 20 }, n: { max: 2 ** 20 } } });
    expect(long.filter(({ dims }) => dims.m === dims.n && dims.n >= 2 ** 15 - 1).length).toBeGreaterThan(0);
    for (const c of [...long, ...usual]) expect(c.dims.n).toBeGreaterThanOrEqual(256);
  });

  it.skipIf(asksAll)('have the length that is asked for', () => {
    for (const { dims } of drawn({}, { tokens: 131_072 }, 4)) expect(dims.n).toBe(131_072);
  });

  it.skipIf(asksAll)('are none where scores, sums or heads cannot tell keys apart', () => {
    const why = (capabilities: Partial<Capabilities>, dtype: Case['dtype'] = 'f32') =>
      whyUndrawable(Claims.of(library, claims(capabilities)), request({ dtype }));
    expect(why({ numeric: { scores: 'storage' } }, 'bf16')).toContain('scores');
    expect(why({ numeric: { accumulate: 'f16' } }, 'f16')).toContain('f16');
    expect(why({ limits: { d: { max: 27 } } })).toContain('d');
    expect(why({ masks: ['full'] })).toContain('sliding-window');
    expect(why({})).toBeUndefined();
  });
});
