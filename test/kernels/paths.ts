import { appendFileSync } from 'node:fs';
import type { Adapter, Tensors } from '../../dist/adapters/adapter.js';
import { native } from '../../dist/adapters/backends/native/index.js';
import type { Call } from '../../dist/adapters/kernel.js';
import { holds, type Predicate } from '../accept/paths/predicates.js';

/*
 * The native kernel, which writes down the sizes of its calls, and is wrong by half where a predicate over them holds.
 * ATTN_PATHS_RECORD names a file for the sizes, ATTN_PATHS_WRONG is a predicate as JSON.
 */

const record = process.env.ATTN_PATHS_RECORD;
const wrong = process.env.ATTN_PATHS_WRONG;
const predicate = wrong === undefined ? undefined : (JSON.parse(wrong) as Predicate);

/** Outputs and gradients of half the size; what belongs to a cache stays as it is. */
function halved(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => {
      if (name === 'lse' || name.endsWith('_pages')) return [name, t];
      const data = t.data.slice() as Float32Array;
      for (let x = 0; x < data.length; x++) data[x] /= 2;
      return [name, { ...t, data }];
    }),
  );
}

const adapter: Adapter = {
  ...native,
  id: 'paths',
  title: 'The native kernel, with a path of its own for some sizes',
  async open() {
    const kernel = await native.open();
    const answer = async (call: Call, command: 'forward' | 'backward') => {
      const { dims } = call.case;
      if (record !== undefined) appendFileSync(record, `${JSON.stringify({ command, dims })}\n`);
      const right = await (kernel[command] as NonNullable<typeof kernel.backward>)(call);
      return predicate && holds(predicate, dims) ? halved(right) : right;
    };
    return {
      environment: kernel.environment,
      forward: (call) => answer(call, 'forward'),
      backward: (call) => answer(call, 'backward'),
      [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose](),
    };
  },
};
export default adapter;
