import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFailure, encodeFailure, type JobFailure } from '../../../adapters/parallel/job/job-failure.js';
import { jobEnds } from '../../../adapters/parallel/transports/scheme-failed.js';
import { tensor } from '../../../spec/tensor/tensor.js';

it('the end of a job comes back as it was written', () => {
  const ends: JobFailure[] = jobEnds.map((how) => ({ failed: { how, message: 'rank 1 waits', ranks: [null, 'waits'] } }));
  for (const failure of [...ends, { refused: 'needs two ranks' }]) expect(decodeFailure(encodeFailure(failure))).toEqual(failure);
  expect(decodeFailure({})).toBeUndefined();
});

it('an end that nobody wrote so is a failure of a fixed class', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('{"failed":{"how":"::error::","message":"x","ranks":[]}}', '{"failed":{"how":"lost"}}'),
  );
  fc.assert(
    fc.property(text, (forged) => {
      const bytes = new TextEncoder().encode(forged);
      const failure = decodeFailure({ outcome: tensor('i32', [bytes.length], Int32Array.from(bytes)) });
      expect(failure).toMatchObject({ failed: { how: 'protocol', ranks: [] } });
    }),
  );
});
