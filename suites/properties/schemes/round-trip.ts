import { valuesOf } from '../../../spec/tensor/tensor.js';
import { ownOf } from '../../judging/parallel.js';
import type { Property } from '../property.js';

/** Every token lies on one rank, and comes back to its place: unshard(shard(q)) = q. */
export const roundTrip: Property = {
  name: 'round-trip',
  title: 'every token lies on one rank, and comes back to its place',
  perMask: false,
  perFeature: false,
  perScheme: true,
  needs: { distributions: ['normal'] },
  unsupported: (claims) => (ownOf(claims) ? 'it cuts its shards itself' : undefined),
  calls: (c) => [{ command: 'forward', case: c }],
  judge: ({ case: c, problem, results }) => {
    const expected = problem(c).inputs.q;
    const { restored } = results[0];
    // a program of somebody else's shards behind our back
    if (!restored) return { status: 'pass' };
    const actual = valuesOf(restored);
    const at = expected.data.findIndex((x, i) => !Object.is(x, actual[i]));
    if (at < 0) return { status: 'pass' };
    const { d, m } = c.dims;
    const token = Math.floor(at / d) % m;
    return {
      status: 'fail',
      class: 'round-trip',
      message: `after sharding and back token ${token} of ${m} has ${actual[at]} where it had ${expected.data[at]}`,
      call: 0,
    };
  },
};
