import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import { contiguousData, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Parallel } from '../../../spec/types/documents.js';
import { type Call, type Kernel, Unsupported } from '../../kernel.js';
import type { SchemeProgram } from '../program.js';
import { SchemeFailed } from '../transports/scheme-failed.js';
import { encodeFailure } from './job-failure.js';
import { outsideOf, type Transports } from './outside-transports.js';
import { describesRanks } from './rank-outputs.js';
import { outputsOf, schemeJob, simulateJob } from './scheme-job.js';

type Passes = Pick<Kernel, 'forward' | 'backward'>;

/** Caches a deterministic kernel's results by inputs, which all runs of a job share. */
function memoKernel(kernel: Passes): Passes {
  const known = new Map<string, Promise<Tensors>>();
  const recall = (pass: string, call: Call, ask: () => Promise<Tensors>) => {
    const key = keyOf(pass, call);
    let answer = known.get(key);
    if (!answer) {
      answer = ask();
      known.set(key, answer);
    }
    return answer;
  };
  return {
    forward: (call) => recall('forward', call, () => kernel.forward(call)),
    ...(kernel.backward && {
      backward: (call: Call) => recall('backward', call, () => (kernel.backward as NonNullable<Kernel['backward']>)(call)),
    }),
  };
}

function keyOf(pass: string, { case: c, tensors }: Call): string {
  let [x, y] = [0x811c9dc5, 0x9e3779b9];
  for (const name in tensors) {
    const data = contiguousData(tensors[name]);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i < bytes.length; i++) {
      x = Math.imul(x ^ bytes[i], 0x01000193);
      y = Math.imul(y, 31) + bytes[i];
    }
    x = Math.imul(x ^ name.length, 0x01000193);
  }
  const { dims, block, options } = c;
  return `${pass} ${c.operator} ${x} ${y} ${dims.hk} ${dims.g} ${dims.m} ${dims.n} ${block?.queries} ${block?.keys} ${options.sink} ${'name' in c.mask ? c.mask.name : ''}`;
}

type Inside = Pick<Kernel, 'forward' | 'backward'>;

/**
 * Runs a call on several ranks.
 * @param programs programs of schemes, which take precedence over built-in ones.
 * @returns outputs and measurements of ranks, or `outcome` if the job failed. With `orders`:
 * outputs of the first schedule with other bits, and its number in `differs`, i32 [1]; −1 if all
 * agree.
 * @throws {Unavailable} if the ranks cannot be started.
 * @throws {Unsupported} for faults and orders on a transport other than the simulated one.
 */
export async function parallelCall(
  library: SpecLibrary,
  kernel: Inside,
  capabilities: FullCapabilities,
  call: Call,
  backward: boolean,
  transports?: Transports,
  programs?: readonly SchemeProgram[],
): Promise<Tensors> {
  const parallel = call.case.parallel as Parallel;
  const outside = await outsideOf(parallel, transports);
  try {
    const job = schemeJob(library, capabilities, call, backward, programs);
    if (outside) return outputsOf(job, await outside.run(call, backward), backward);
    const run = (inside: Inside, more: Partial<Parallel>) => simulateJob(job, inside, capabilities, backward, { ...parallel, ...more });
    if (parallel.orders === undefined && parallel.fault === undefined) return await run(kernel, {});
    const inside = memoKernel(kernel);
    if (parallel.orders !== undefined) return await manyOrders(parallel, (more) => run(inside, more));
    const clean = await run(inside, { fault: undefined });
    const messages = Number(clean.messages.data[0]);
    if (messages === 0) return clean;
    return await run(inside, { fault: parallel.fault && { ...parallel.fault, message: parallel.fault.message % messages } });
  } catch (error) {
    if (error instanceof Unsupported) return encodeFailure({ refused: error.message });
    if (!(error instanceof SchemeFailed)) throw error;
    const { how, message, ranks } = error;
    return encodeFailure({ failed: { how, message, ranks: ranks.map((why) => why ?? null) } });
  }
}

async function manyOrders({ schedule = 0, orders = 1 }: Parallel, run: (more: Partial<Parallel>) => Promise<Tensors>): Promise<Tensors> {
  const first = await run({ schedule });
  for (let next = schedule + 1; next < schedule + orders; next++) {
    const other = await run({ schedule: next });
    if (!sameBits(first, other)) return { ...other, differs: tensor('i32', [1], Int32Array.of(next)) };
  }
  return { ...first, differs: tensor('i32', [1], Int32Array.of(-1)) };
}

function sameBits(x: Tensors, y: Tensors): boolean {
  return Object.keys(x).every((name) => {
    if (describesRanks(name)) return true;
    const [a, b] = [x[name], y[name]]
      .map((t) => contiguousData(t))
      .map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
    return a.every((byte, i) => byte === b[i]);
  });
}
