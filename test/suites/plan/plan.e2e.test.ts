import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { drawnMasks } from '../../../spec/mask/drawn.js';
import type { Capabilities, Operator } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import type { Property } from '../../../suites/contract/property.js';
import { checkMatcher } from '../../../suites/plan/check-glob.js';
import { formatCheckId, parseCheckId } from '../../../suites/plan/check-id.js';
import { matchedChecks, planChecks, planHash, plannedIds, unclaimedChecks } from '../../../suites/plan/plan.js';
import { profilesNamed } from '../../../suites/plan/profile-checks.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { operatorWith, scores } from '../../spec/program/fixtures.js';

const library = createLibrary();
const everything: Capabilities = {
  dtypes: ['f32', 'f16'],
  operators: ['softmax', 'linear', 'linear-causal', 'linear-decay', 'efficient'],
  masks: ['full', 'causal'],
  denseMask: 'boolean',
  options: ['scale', 'softcap', 'sink', 'alibi', 'bias', 'eps', 'decay'],
  outputs: ['o', 'lse'],
  gradients: true,
  strided: true,
};

function plan(
  changes: Partial<Capabilities> = {},
  profiles = ['core', 'training', 'operators'],
  filter: string[] = [],
  runs = 50,
): Check[] {
  const capabilities = resolveCapabilities({ ...everything, ...changes }, 'test');
  return planChecks(profilesNamed(library, profiles), { id: 'mine', claims: Claims.of(library, capabilities) }, { runs, filter });
}

test('the ids of what is planned are told without drawing a case', () => {
  const profiles = profilesNamed(library, ['core', 'operators', 'parallel']);
  const claims = Claims.of(library, resolveCapabilities(everything, 'test'));
  expect(plannedIds(profiles, { id: 'mine', claims })).toEqual(plan({}, ['core', 'operators', 'parallel']).map(({ id }) => id));
});

const ids = (checks: readonly Check[]) => checks.map((c) => c.id);
const reason = (checks: readonly Check[], id: string) => checks.find((c) => c.id === id)?.unsupported;

describe('the plan', () => {
  test('has a check per mask, per feature and for all together, where the property is asked that way', () => {
    const checks = plan({ dtypes: ['f32'] }, ['training']).filter(({ operator }) => operator === 'softmax');
    expect(ids(checks)).toEqual(
      expect.arrayContaining([
        'softmax/causal/oracle/f32',
        'softmax/padding/visibility/f32',
        'softmax+softcap/any/gradient/f32',
        'softmax+all/any/oracle/f32',
      ]),
    );
    const perMask = checks.filter((c) => ['oracle', 'gradient', 'visibility'].includes(c.property));
    for (const property of ['oracle', 'gradient', 'visibility']) {
      const usual = drawnMasks(library, []).filter((mask) => !library.masks.get(mask)?.rare);
      expect(perMask.filter((c) => c.property === property && c.feature === undefined).map((c) => c.mask)).toEqual(usual);
    }
    const asked = profilesNamed(library, ['training', 'core']).flatMap(({ properties: own }) => own);
    const once = [...new Set(asked)].filter((name) => propertyNamed(name)?.perMask === false);
    expect(new Set(ids(checks.filter((c) => !perMask.includes(c))))).toEqual(new Set(once.map((name) => `softmax/any/${name}/f32`)));
    expect(perMask.filter((c) => c.property === 'oracle' && c.feature).map((c) => c.feature)).toEqual([
      'grouped',
      'cross',
      'wide-v',
      'softcap',
      'sink',
      'alibi',
      'bias',
      'composed',
      'packed',
      'all',
    ]);
  });

  test('has every id once, for every dtype that is claimed', () => {
    const checks = plan();
    expect(new Set(ids(checks)).size).toBe(checks.length);
    expect(new Set(checks.map((c) => c.dtype))).toEqual(new Set(['f32', 'f16']));
  });

  test('asks other operators what they have', () => {
    const checks = ids(plan({ dtypes: ['f32'] }, ['operators']));
    expect(checks).toEqual(
      expect.arrayContaining([
        'linear/full/oracle/f32',
        'linear+cross/any/gradient/f32',
        'efficient+wide-v/any/oracle/f32',
        'linear-causal/any/deterministic/f32',
      ]),
    );
    const claimed = checks.filter((id) => (everything.operators as string[]).includes(id.split(/[+/]/)[0]));
    expect(claimed.filter((id) => /softcap|sink|alibi|bias|composed|causal\+cross/.test(id))).toEqual([]);
  });

  test('gives +all four times the cases, and no check more than its property has', () => {
    for (const c of plan({}, ['core'], [], 20)) {
      // as many more at the sizes that every check reaches, at most
      expect(c.floors ?? 0).toBeLessThanOrEqual(c.cases - (c.floors ?? 0));
      const { cases = Infinity } = propertyNamed(c.property) as Property;
      expect(c.cases - (c.floors ?? 0)).toBe(c.unsupported !== undefined ? 0 : Math.min(cases, c.feature === 'all' ? 80 : 20));
    }
  });

  test('asks an operator that no profile names what those ask that ask others', () => {
    const mine = operatorWith([scores, ['o', ['dot', ['softmax', 's', 'n', { where: 'mask' }], 'v', 'n']]]);
    const more = createLibrary([{ kind: 'operator', document: 'mine.json', value: mine }]);
    const claims = Claims.of(more, resolveCapabilities({ ...everything, operators: ['mine'] }, 'test'));
    const asked = planChecks(profilesNamed(more, ['core', 'operators', 'serving']), { id: 'x', claims }, { runs: 1 });
    const properties = new Set(asked.filter(({ operator }) => operator === 'mine').map(({ property }) => property));
    const all = profilesNamed(more, ['core', 'operators']).flatMap((profile) => profile.properties);
    // it states no laws, but its keys and values may lie in a cache
    const operator = more.operators.get('mine') as Operator;
    expect(properties).toEqual(new Set(all.filter((name) => propertyNamed(name)?.speaksOf?.(operator) ?? true)));
    expect(properties).toContain('cache-history');
  });

  test('training includes core', () => {
    expect(ids(plan({}, ['training']))).toEqual(expect.arrayContaining(ids(plan({}, ['core']))));
    expect(ids(plan({}, ['core', 'training']))).toEqual(ids(plan({}, ['training'])));
  });

  test('names the nearest profiles where one is unknown', () => {
    expect(() => profilesNamed(library, ['cora'])).toThrow(/unknown profile "cora"; known: core/);
    expect(() => profilesNamed(library, ['core@9'])).toThrow(/core@1/);
  });
});

describe('what cannot be asked is unsupported, with the reason', () => {
  test.each([
    [{ masks: ['full'], denseMask: false as const }, 'softmax/causal/oracle/f32', 'mask causal is not claimed'],
    [{ denseMask: false as const }, 'softmax+composed/any/oracle/f32', 'no dense mask is claimed'],
    [{ grouped: false }, 'softmax+grouped/any/oracle/f32', 'grouped heads are not claimed'],
    [{ limits: { g: { max: 1 } } }, 'softmax+grouped/any/oracle/f32', 'the limits leave no size for g'],
    [{ limits: { e: '=d' } }, 'softmax+wide-v/any/oracle/f32', 'the limits leave no d that differs from e'],
    [{ limits: { m: [32], n: [32] } }, 'softmax+cross/any/oracle/f32', 'the limits leave no m that differs from n'],
    [{ limits: { m: [1], n: { min: 64 } } }, 'softmax/causal/oracle/f32', 'the limits leave no size for n = m'],
    [{ limits: { g: { min: 2 } } }, 'softmax/causal/oracle/f32', 'the limits leave no size for g'],
    [{ options: ['scale'] }, 'softmax+sink/any/oracle/f32', 'option sink is not claimed'],
    [
      { options: [], grouped: false, denseMask: false as const, limits: { e: '=d' } },
      'softmax+all/any/oracle/f32',
      'fewer than two features are claimed',
    ],
    [
      { excludes: [{ mask: { name: 'causal' }, gradients: true }] },
      'softmax/causal/gradient/f32',
      'excluded by its capabilities: {"mask":{"name":"causal"},"gradients":true}',
    ],
    [
      { excludes: [{ options: { softcap: true } }] },
      'softmax+softcap/any/oracle/f32',
      'excluded by its capabilities: {"options":{"softcap":true}}',
    ],
  ] satisfies [Partial<Capabilities>, string, string][])('%j: %s', (changes, id, expected) => {
    expect(reason(plan(), id)).toBeUndefined();
    expect(reason(plan(changes), id)).toBe(expected);
  });

  test('features of a kernel whose heads are always shared are asked with as many as it has', () => {
    const shared = plan({ limits: { g: [4], m: [1] } });
    for (const feature of ['cross', 'softcap', 'all']) expect(reason(shared, `softmax+${feature}/any/oracle/f32`)).toBeUndefined();
  });

  test('an operator that is not claimed is one where a filter asks for it, and else its checks are counted', () => {
    const [id, filter] = ['linear/full/oracle/f32', ['linear/full/**']];
    expect(reason(plan({ operators: ['softmax'] }, undefined, filter), id)).toBe('operator linear is not claimed');
    const claims = Claims.of(library, resolveCapabilities({ ...everything, operators: ['softmax'] }, 'test'));
    const counts = unclaimedChecks(profilesNamed(library, ['operators']), { id: 'x', claims });
    expect(Object.keys(counts)).not.toContain('softmax');
    expect(counts.linear).toBe(ids(plan({}, ['operators'])).filter((other) => /^linear[+/]/.test(other)).length);
    expect(ids(plan({ operators: ['softmax'] }, ['operators'])).filter((other) => other.startsWith('linear'))).toEqual([]);
  });

  test('an exclude of the backward pass leaves the forward pass', () => {
    const checks = plan({ excludes: [{ mask: { name: 'causal' }, gradients: true }] });
    expect(reason(checks, 'softmax/causal/oracle/f32')).toBeUndefined();
  });

  test('and so is what the property itself needs', () => {
    expect(reason(plan({ gradients: false }), 'softmax/full/gradient/f32')).toMatch(/gradient/);
    expect(reason(plan({ outputs: ['o'] }), 'softmax/any/lse-merge/f32')).toMatch(/LSE/);
  });
});

describe('filters', () => {
  test('* stays within a segment, ** does not, adapter:: names the adapter', () => {
    // those of operators that are not claimed too, as with any filter
    const all = ids(plan({}, undefined, ['**']));
    const some = (glob: string) => ids(plan({}, undefined, [glob]));
    expect(some('softmax/*/oracle/f32')).toEqual(all.filter((id) => /^softmax\/[^/]+\/oracle\/f32$/.test(id)));
    expect(some('**/gradient/*')).toEqual(all.filter((id) => id.includes('/gradient/')));
    expect(some('softmax+*/**')).toEqual(all.filter((id) => id.startsWith('softmax+')));
    expect(some('softmax')).toEqual([]);
    expect(some('*')).toEqual([]);
    expect(some('m*::**')).toEqual(all);
    expect(some('yours::**')).toEqual([]);
  });

  test('every id matches itself', () => {
    for (const id of ids(plan())) expect(checkMatcher(id)('any', id)).toBe(true);
  });

  test('one that matches nothing names the nearest ids', () => {
    const check = (...globs: string[]) => matchedChecks(globs, (filters) => plan({}, undefined, [...filters]));
    expect(() => check('softmax/**')).not.toThrow();
    expect(() => check('softmax/causl/oracle/f32')).toThrow(
      /--filter softmax\/causl\/oracle\/f32 matches no check; the nearest are softmax\/causal\/oracle\/f32/,
    );
    expect(() => check('**', '')).toThrow(/--filter/);
  });

  test('one that matches checks of other profiles names these', () => {
    const none = (_: readonly string[]) => [];
    const check = (profiles: string[]) => () => matchedChecks(['softmax/full/single-device/f32'], none, () => profiles);
    expect(check(['parallel', 'long-parallel'])).toThrow('it does with --profile parallel, or --profile long-parallel');
    expect(check([])).toThrow('the nearest are none: nothing is planned');
  });

  test('no glob makes it throw', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (glob, id) => typeof checkMatcher(glob)('mine', id) === 'boolean'));
  });
});

describe('ids', () => {
  test('come back as they were', () => {
    for (const { id } of plan()) expect(formatCheckId(parseCheckId(id)!)).toBe(id);
  });

  test('what has no form of one is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parts = parseCheckId(text);
        expect(parts === undefined || formatCheckId(parts) === text).toBe(true);
      }),
    );
  });
});

test('the hash of a plan changes with its checks, seed and rules, and with nothing else', async () => {
  const hash = (changes: Partial<Capabilities>, seed: number, runs: number, rest: Record<string, unknown>) =>
    planHash(plan(changes, undefined, [], runs), seed, rest);
  const same = await hash({}, 0, 50, { suite: '1' });
  expect(same).toMatch(/^[0-9a-f]{16}$/);
  expect(await hash({}, 0, 50, { suite: '1' })).toBe(same);
  expect(
    new Set([
      same,
      await hash({}, 1, 50, { suite: '1' }),
      await hash({}, 0, 51, { suite: '1' }),
      await hash({ grouped: false }, 0, 50, { suite: '1' }),
      await hash({}, 0, 50, { suite: '2' }),
    ]).size,
  ).toBe(5);
});
