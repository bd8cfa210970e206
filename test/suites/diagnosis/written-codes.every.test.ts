import { expect, test } from 'vitest';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import { writtenCodesMutants } from '../../../adapters/controls/mutants/written-codes.js';
import { checked } from '../runner/checked.js';

test.each(writtenCodesMutants.map((mutant) => [mutant.id, mutant] as const))(
  'the search for an explanation of wrong codes ends without an error: %s',
  async (_, mutant) => {
    const { capabilities, open } = adapterOf(mutant);
    const { verdict, failure } = await checked(await open(), `${mutant.operators?.[0]}/full/oracle/f32`, capabilities);
    expect(verdict).toBe('fail');
    expect(failure?.unexplained).toBeUndefined();
    // no factor, precision or mask makes one code of another
    expect(failure?.hint).toBeUndefined();
  },
);
