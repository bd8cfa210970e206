import { describe, expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import { properties } from '../../../suites/properties/index.js';

/** Judged where they are named, at sizes or for so many calls that the mutants of other properties are not asked: their own tests have a fault that nothing else finds. */
const byNameOnly = ['long-context', 'long-targeted', 'long-stateless', 'soak'];

/** Laws of documents follow from the oracle of a right document: what they alone find is a wrong one (test/suites/documents/laws.every.test.ts). */
const isLaw = ({ speaksOf }: (typeof properties)[number]) => speaksOf !== undefined;

describe('every property', () => {
  it.each(
    properties
      .filter((property) => !isLaw(property))
      .map(({ name }) => name)
      .filter((name) => !byNameOnly.includes(name)),
  )('%s has a mutant for it alone to find', (name) => {
    expect(mutants.filter(({ alone }) => alone === name).length).toBeGreaterThan(0);
  });

  it('is named as it is called where a mutant is for it alone', () => {
    const names = properties.map(({ name }) => name);
    for (const { alone } of mutants) if (alone !== undefined) expect(names).toContain(alone);
  });
});
