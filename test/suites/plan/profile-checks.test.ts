import { describe, expect, it } from 'vitest';
import { createLibrary, type SpecDocument } from '../../../spec/library.js';
import { pairsOf, profilesNamed, usualProfiles } from '../../../suites/plan/profile-checks.js';
import { operatorWith, scores } from '../../spec/program/fixtures.js';

const library = createLibrary();
const asked = (name: string, of = library) => pairsOf(of, profilesNamed(of, [name])[0]);
const families = [...new Set([...library.operators.values()].map(({ family }) => family))].filter((family) => family !== 'softmax');
const [{ properties }] = profilesNamed(library, ['operators']);
const softmaxOf = [scores, ['o', ['dot', ['softmax', 's', 'n', { where: 'mask' }], 'v', 'n']]];

/** A library with an operator called `mine`, and documents beside it. */
function libraryWith(more: object, ...others: SpecDocument[]) {
  return createLibrary([{ kind: 'operator', document: 'mine.json', value: operatorWith(softmaxOf, more) }, ...others]);
}

function profile(more: object): SpecDocument {
  return { kind: 'profile', document: 'p.json', value: { name: 'p', version: 1, title: 'P', properties: ['oracle'], ...more } };
}

describe('profiles of families', () => {
  it.each(families)('%s: every operator of it is asked, by the profile of its own name and by operators', (family) => {
    const members = [...library.operators.values()].filter((operator) => operator.family === family);
    const pairs = members.flatMap(({ name }) => properties.map((property) => `${name}/${property}`));
    expect(asked(`operators-${family}`)).toEqual(new Set(pairs));
    expect([...asked('operators')]).toEqual(expect.arrayContaining(pairs));
  });

  it('are judged by a plain run as a part of operators alone', () => {
    expect(usualProfiles(library).filter(({ families: own }) => own !== undefined)).toEqual([]);
    expect(usualProfiles(library).map(({ name }) => name)).toContain('operators');
  });

  it('ask the operators that operators listed by hand the same as before', () => {
    const before = ['linear', 'linear-causal', 'linear-decay', 'efficient', 'dilated', 'apb', 'linear-softmax', 'softmax'];
    const now = [...asked('operators')].filter((pair) => before.includes(pair.split('/')[0]));
    const listed = before.filter((name) => name !== 'softmax');
    expect(new Set(now)).toEqual(new Set(listed.flatMap((name) => properties.map((property) => `${name}/${property}`))));
  });

  it("an operator of one's own in a family of ours is asked what any operator without a profile is", () => {
    const [own, other] = [libraryWith({ family: 'heads' }), libraryWith({ family: 'mine' })];
    const ofMine = (name: string, of: typeof own) => [...asked(name, of)].filter((pair) => pair.startsWith('mine/'));
    for (const name of ['core', 'training', 'operators']) expect(ofMine(name, own)).toEqual(ofMine(name, other));
    expect(ofMine('operators-heads', own)).toEqual(properties.map((property) => `mine/${property}`));
    expect(ofMine('operators-heads', other)).toEqual([]);
  });
});

describe("a profile of one's own", () => {
  it('may name a family of its own, and operators beside it', () => {
    const own = libraryWith({}, profile({ families: ['mine'], operators: ['softmax'] }));
    expect([...asked('p', own)]).toEqual(['softmax/oracle', 'mine/oracle']);
  });

  it('names a family that an operator is of', () => {
    expect(() => createLibrary([profile({ families: ['linear', 'sprase'] })])).toThrow(
      /^p\.json: at \$\.families\[1\]: found "sprase", must be the family of an operator; .*sparse/,
    );
  });

  it('asks for something', () => {
    expect(() => createLibrary([profile({})])).toThrow(
      /^p\.json: at \$\.operators: the profile names no operators; add operators or families/,
    );
    expect(() => createLibrary([profile({ includes: ['core'] })])).not.toThrow();
  });
});
