import { reference } from '../../../../adapters/controls/reference/index.js';
import { decodeFailure, type JobFailure } from '../../../../adapters/parallel/job/job-failure.js';
import type { Transports } from '../../../../adapters/parallel/job/outside-transports.js';
import { parallelCall } from '../../../../adapters/parallel/job/parallel-call.js';
import { mpiRemedy } from '../../../../adapters/parallel/transports/mpi/library.js';
import type { RankSetup } from '../../../../adapters/parallel/transports/transport.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { operatorsOf } from '../../../../spec/scheme/operators.js';
import type { Tensors } from '../../../../spec/tensor/tensor.js';
import type { Case, Dims, Mask, Parallel, Scheme } from '../../../../spec/types/documents.js';
import { program } from '../../../backend.js';
import { asCaseOf, kernelOf } from '../support.js';

export const library = createLibrary();
export const capabilities = resolveCapabilities(reference.capabilities, 'reference');

export const mpi = program('mpirun', mpiRemedy);

/** Setup of ranks with a built-in kernel; the reference unless it has no loops for the operator of a scheme. */
export async function setupFor(scheme: string): Promise<RankSetup> {
  const [operator] = operatorsOf(library.schemes.get(scheme) as Scheme);
  const source = capabilities.operators.includes(operator) ? 'reference' : 'second-form';
  return { source, capabilities: (await kernelOf(operator)).capabilities };
}

export function setupOf(source: string): RankSetup {
  return { source, capabilities };
}

/** A case of the scheme's operator, under the causal mask or the one that it computes. */
export function parallelCase(dims: Partial<Dims> & { n: number }, parallel: Parallel, seed = 3): Case {
  const scheme = library.schemes.get(parallel.scheme) as Scheme;
  const [operator] = operatorsOf(scheme);
  return asCaseOf(operator, {
    operator,
    dims: { b: 1, hk: 1, g: 1, m: dims.n, d: 3, e: 2, ...dims },
    mask: maskFor(scheme),
    options: operator === 'softmax' ? { sink: true } : {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed },
    parallel,
  });
}

function maskFor({ masks }: Scheme): Mask {
  if (masks === 'any' || masks.includes('causal')) return { name: 'causal' };
  const [name] = masks;
  return name === 'star' ? { name, parameters: { block: 4, query: 3 } } : { name };
}

export async function runCase(c: Case, backward: boolean, transports?: Transports): Promise<Tensors> {
  const { parallel: _, ...plain } = c;
  // a scheme takes no gradient of the LSE
  const inside = await kernelOf(c.operator);
  const { dlse: __, ...tensors } = tensorsOf(Claims.of(library, inside.capabilities), plain, backward ? 'backward' : 'forward');
  return parallelCall(library, inside.kernel, inside.capabilities, { case: c, tensors }, backward, transports);
}

type Failed = Extract<JobFailure, { readonly failed: unknown }>['failed'];

/** How a job ended that came to no outputs. */
export async function endOf(c: Case, transports?: Transports): Promise<Failed | undefined> {
  const outcome = decodeFailure(await runCase(c, false, transports));
  return outcome && 'failed' in outcome ? outcome.failed : undefined;
}

/** Every output to the bit, and what the ranks did. */
export function bitsOf(tensors: Tensors): Record<string, string> {
  // clocks of ranks tell another time each run
  const { nanoseconds: _, ...same } = tensors;
  return Object.fromEntries(
    Object.entries(same).map(([name, { dtype, shape, data }]) => {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      return [name, `${dtype} [${shape}] ${bytes.toString('hex')}`];
    }),
  );
}
