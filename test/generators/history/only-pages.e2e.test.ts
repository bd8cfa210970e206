import { describe, expect, it } from 'vitest';
import { isPaged } from '../../../generators/history/pages.js';
import { play } from '../../../generators/history/play.js';
import { drawCase } from '../../../generators/lib/seeds.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary, whyUndrawable } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Capabilities, Case } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { whyNotClaimed } from '../../../suites/plan/not-claimed.js';
import { cacheHistory } from '../../../suites/properties/cache/cache-history.js';
import { chunkedPrefill } from '../../../suites/properties/cache/chunked-prefill.js';
import { pagePermutation } from '../../../suites/properties/cache/page-permutation.js';
import { captured } from '../../../suites/properties/kernel/captured.js';
import { stateless } from '../../../suites/properties/kernel/stateless.js';
import { capable, library, request } from '../capable.js';

const onlyPages = { gradients: false, captured: true, pages: { sizes: [4, 16], only: true } } satisfies Partial<Capabilities>;
const claimsWith = (more: Partial<Capabilities> = {}) => Claims.of(library, capable({ ...onlyPages, ...more }));
const properties = [cacheHistory, chunkedPrefill, pagePermutation, stateless, captured];

/** The cases that 25 seeds draw, with the first few that each shrinks to. */
function drawn(claims: Claims, { needs }: Property): Case[] {
  const arbitrary = caseArbitrary(claims, request({ needs }));
  return Array.from({ length: 25 }, (_, seed) => drawCase(arbitrary, seed)).flatMap((value) => [
    value.value,
    ...[...arbitrary.shrink(value.value, value.context).take(8)].map((smaller) => smaller.value),
  ]);
}

describe('a kernel that takes calls on pages alone', () => {
  it.each(properties.map((property) => [property.name, property] as const))(
    '%s calls it on pages alone, within its claims',
    (_, property) => {
      const claims = claimsWith();
      for (const c of drawn(claims, property)) {
        validateCase(library, c, 'drawn');
        for (const call of property.calls(c, claims)) {
          expect(isPaged(call.case)).toBe(true);
          expect(call.command).toBe('forward');
          expect(whyNotClaimed(claims, call.case)).toBeUndefined();
        }
      }
    },
  );

  it('has no case of what needs other calls', () => {
    expect(whyUndrawable(claimsWith(), request())).toBe('only calls on pages are claimed');
    expect(whyUndrawable(claimsWith(), request({ feature: 'packed', needs: { gradients: true } }))).toBe('only calls on pages are claimed');
    expect(claimsWith().forScheme('ring')).toBe('only calls on pages are claimed');
  });

  it('has the dense cases of others for cases that it does not claim', () => {
    const dense = drawCase(caseArbitrary(Claims.of(library, capable()), request()), 0).value;
    expect(whyNotClaimed(claimsWith({ dtypes: [dense.dtype] }), dense)).toBe('only calls on pages are claimed');
  });

  it.each([[{ m: [1] }], [{ m: { max: 2 } }]] as const)(
    'with the limits %j is called within them, on sequences of several pages',
    (limits) => {
      const claims = claimsWith({ pages: { sizes: [16], only: true }, limits: limits as Capabilities['limits'] });
      const calls = drawn(claims, cacheHistory).flatMap((c) => cacheHistory.calls(c, claims));
      expect(calls.filter(({ case: c }) => whyNotClaimed(claims, c) !== undefined)).toEqual([]);
      const pages = calls.map(({ case: c }) => Math.max(...play(c.history as never).entries.map((entry) => entry.pages.length)));
      expect(pages.filter((count) => count >= 3).length).toBeGreaterThan(calls.length / 20);
    },
  );
});
