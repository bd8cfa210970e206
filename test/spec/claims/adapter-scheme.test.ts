import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../adapters/adapter.js';
import { reference } from '../../../adapters/controls/reference/index.js';
import { withSchemes } from '../../../spec/claims/adapter-scheme.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { planChecks } from '../../../suites/plan/plan.js';
import { profilesNamed } from '../../../suites/plan/profile-checks.js';
import { judgeInProcess } from '../../suites/judge-in-process.js';

const library = createLibrary();
const document: Record<string, unknown> = { ...library.schemes.get('ring') };

/** One device that calls itself a job of several ranks. */
const claiming = (schemes: Capabilities['schemes'], more: Partial<Capabilities> = {}): Capabilities => ({
  dtypes: ['f32'],
  operators: ['softmax'],
  masks: ['full', 'causal'],
  outputs: ['o', 'lse'],
  gradients: true,
  schemes,
  ...more,
});

const judged = async (capabilities: Capabilities) =>
  judgeInProcess(library, { id: 'own', capabilities }, resolveCapabilities(capabilities, 'own'), await reference.open(), 4);

describe('a scheme that the adapter is itself', () => {
  it('without a document is judged for its results alone', async () => {
    expect(await judged(claiming({ mine: { worlds: [1, 2, 3] } }))).toMatchObject({
      'single-device/full': 'pass',
      'single-device/causal': 'pass',
      'any-world/any': 'pass',
      'ledger/any': 'unsupported',
      'refusal/any': 'unsupported',
      'balance/any': 'unsupported',
      'round-trip/any': 'unsupported',
    });
  });

  it('with one must refuse what it excludes; bytes and areas that it does not tell are not asked', async () => {
    const mine = { ...document, name: 'mine', uneven: 'refuse' };
    expect(await judged(claiming({ mine: { worlds: [2, 3], document: mine } }))).toMatchObject({
      'single-device/full': 'pass',
      'refusal/any': 'refusal',
      'ledger/any': 'unsupported',
      'balance/any': 'unsupported',
    });
  });

  it('is asked on its own ranks only, and alone only where one of them is 1', () => {
    const capabilities = resolveCapabilities(claiming({ mine: { worlds: [2, 4] } }), 'own');
    expect(Claims.of(library, capabilities).forScheme(undefined)).toBe('it computes on 2 and 4 ranks, never on one');
    const alone = Claims.of(library, resolveCapabilities(claiming({ mine: { worlds: [1, 2] } }), 'own'));
    expect(alone.forScheme(undefined)).toBe(alone);
    const checks = planChecks(
      profilesNamed(library, ['parallel', 'core']),
      { id: 'own', claims: Claims.of(library, capabilities) },
      { runs: 1 },
    );
    expect(new Set(checks.map((c) => c.scheme))).toEqual(new Set([undefined, 'mine']));
    expect(checks.filter((c) => c.scheme === undefined && c.unsupported === undefined)).toEqual([]);
  });

  it.each([
    ['a name that is taken', { ring: { worlds: [2] } }, 'this name is taken'],
    ['a document of another name', { mine: { worlds: [2], document } }, 'must be "mine"'],
    [
      'a layout that is left to a program',
      { mine: { worlds: [2], document: { ...document, name: 'mine', layout: 'solved' } } },
      'the suite has no program',
    ],
    [
      'tokens that are remapped by a program',
      {
        mine: {
          worlds: [2],
          document: { ...document, name: 'mine', volume: { forward: [{ what: 'rows', each: 'remap', width: 'd', as: 'storage' }] } },
        },
      },
      '$.volume.forward[0].each: found "remap": the suite has no program that remaps',
    ],
    ['no document at all', { mine: { worlds: [2], document: {} } }, '"name" is missing'],
  ])('is an error with %s', (_, schemes, message) => {
    expect(() => withSchemes(library, { schemes }, 'its capabilities')).toThrow(message);
  });
});
