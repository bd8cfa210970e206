/// <reference types="@webgpu/types" />
import { arrayOn } from '../../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { type Call, type Gradients, type Kernel, type Outputs, Unsupported } from '../../kernel.js';
import type { Algorithm } from './capabilities.js';
import { bytesOf, type DeviceProblem, deviceProblem } from './device-problem.js';
import { DeviceRunner, type Work } from './device-runner.js';
import { asPacked, withHeadsFirst } from './packed.js';
import { backwardSchedule, forwardSchedule, splitOf } from './schedule.js';
import type { BufferName } from './shader.js';

/**
 * Runs a paged call: copies new tokens to their slots, then calls each batch entry with b = 1, all
 * pages [pages, page, hk, d|e] as k and v, and a block_table [maxPages].
 */
async function pagedForward(call: Call, forward: (entry: Call) => Promise<Outputs>): Promise<Outputs> {
  const { k_new, v_new, cache_lengths, ...tensors } = call.tensors;
  const lengths = Int32Array.from(cache_lengths.data, (length) => length + (k_new ? call.case.dims.m : 0));
  const k_pages = appended(tensors.k_pages, k_new, tensors.block_table, lengths);
  const v_pages = appended(tensors.v_pages, v_new, tensors.block_table, lengths);
  const entries: Outputs[] = [];
  for (let b = 0; b < call.case.dims.b; b++) {
    entries.push(await forward(entryCall(call, b, { ...tensors, k: k_pages, v: v_pages }, lengths[b])));
  }
  return { o: joined(entries, 'o'), lse: joined(entries, 'lse'), ...(k_new && { k_pages, v_pages }) };
}

function entryCall({ case: { history: _, ...c } }: Call, b: number, tensors: Tensors, n: number): Call {
  const own = (t: Tensor): Tensor => ({ ...t, shape: [1, ...t.shape.slice(1)], offset: t.offset + b * t.strides[0] });
  return {
    case: { ...c, dims: { ...c.dims, b: 1, n } },
    tensors: { ...tensors, q: own(tensors.q), block_table: own(tensors.block_table) },
  };
}

/** Copies pages, with rows [b, hk, t, width] at the last t positions of the new lengths. */
function appended(pages: Tensor, rows: Tensor | undefined, table: Tensor, lengths: Int32Array): Tensor {
  if (!rows) return pages;
  const [, page, hk, width] = pages.shape;
  const [, , t] = rows.shape;
  const data = contiguousData(pages).slice();
  const from = contiguousData(rows);
  lengths.forEach((length, b) => {
    for (let i = 0; i < t; i++) {
      const position = length - t + i;
      const slot = table.data[b * table.shape[1] + Math.floor(position / page)] * page + (position % page);
      for (let h = 0; h < hk; h++) {
        const at = ((b * hk + h) * t + i) * width;
        data.set(from.subarray(at, at + width), (slot * hk + h) * width);
      }
    }
  });
  return tensor(pages.dtype, pages.shape, data);
}

function joined(entries: readonly Outputs[], name: 'o' | 'lse'): Tensor {
  const [{ [name]: first }] = entries;
  const values = entries.flatMap((outputs) => [...valuesOf(outputs[name])]);
  return tensorOf(first.dtype, [entries.length, ...first.shape.slice(1)], values);
}

export type { Algorithm } from './capabilities.js';

/** Makes a WGSL kernel that owns the device; also runs in browsers. */
export function createWebGpuKernel(device: GPUDevice, algorithm: Algorithm, environment: Record<string, string>): Kernel {
  const runner = new DeviceRunner(device);
  return {
    environment,
    forward: (call) =>
      call.tensors.k_pages ? pagedForward(call, (entry) => forward(runner, algorithm, entry)) : forward(runner, algorithm, call),
    ...(algorithm !== 'split-kv' && { backward: (call: Call) => backward(runner, algorithm, call) }),
    [Symbol.asyncDispose]: async () => runner.dispose(),
  };
}

async function forward(runner: DeviceRunner, algorithm: Algorithm, call: Call): Promise<Outputs> {
  const problem = problemOf(algorithm, call);
  const results = await runner.run({
    problem,
    ...forwardSchedule(algorithm, problem),
    upload: inputsOf(problem),
    download: ['o', 'lse'],
  });
  return tensorsOf(call, results, outputShapes(problem));
}

/** Computes gradients from the call's o and lse, or from the kernel's if the call has no o, lse. */
async function backward(runner: DeviceRunner, algorithm: Algorithm, call: Call): Promise<Gradients> {
  const problem = problemOf(algorithm, call);
  const { do: cotangent, o, lse, bias } = call.tensors;
  if (!cotangent) throw new Unsupported('a backward call needs the tensor do');
  const { sink, alibi } = call.case.options;
  const own = backwardSchedule(algorithm, problem, { sink: sink === true, alibi: alibi === true, bias: call.case.options.bias === true });
  const shapes = gradientShapes(problem, bias);
  const wanted = (Object.keys(shapes) as BufferName[]).filter((name) => own.sizes.has(name));
  const upload = inputsOf(problem).set('do_', bytesOf(withHeadsFirst(cotangent, call.case), problem.dtype));
  const first = forwardSchedule(algorithm, problem);
  let work: Work;
  if (o && lse) {
    upload.set('o', bytesOf(o, problem.dtype)).set('lse', new Uint8Array(Float32Array.from(valuesOf(lse)).buffer));
    const given = new Map([...first.sizes].filter(([name]) => name === 'o' || name === 'lse'));
    work = { problem, steps: own.steps, sizes: new Map([...own.sizes, ...given]), upload, download: wanted };
  } else {
    work = { problem, steps: [...first.steps, ...own.steps], sizes: new Map([...own.sizes, ...first.sizes]), upload, download: wanted };
  }
  const results = await runner.run(work);
  return tensorsOf(call, results, shapes);
}

function problemOf(algorithm: Algorithm, call: Call): DeviceProblem {
  const problem = deviceProblem(call);
  return algorithm === 'split-kv' ? { ...problem, parameters: { ...problem.parameters, ...splitOf(problem.parameters.n) } } : problem;
}

function inputsOf({ q, k, v, extras }: DeviceProblem): Map<BufferName, Uint8Array> {
  return new Map<BufferName, Uint8Array>([
    ['q', q],
    ['k', k],
    ['v', v],
    ['extras', extras],
  ]);
}

type Shapes = Partial<Record<BufferName, { readonly dtype: 'f32' | 'f16'; readonly shape: readonly number[] }>>;

function outputShapes({ dtype, dims: { b, m, e }, heads }: DeviceProblem): Shapes {
  return { o: { dtype, shape: [b, heads, m, e] }, lse: { dtype: 'f32', shape: [b, heads, m] } };
}

function gradientShapes({ dtype, dims: { b, hk, m, n, d, e }, heads }: DeviceProblem, bias: Tensor | undefined): Shapes {
  return {
    dq: { dtype, shape: [b, heads, m, d] },
    dk: { dtype, shape: [b, hk, n, d] },
    dv: { dtype, shape: [b, hk, n, e] },
    dsink: { dtype: 'f32', shape: [heads] },
    dalibi: { dtype: 'f32', shape: [heads] },
    dbias: { dtype: 'f32', shape: bias?.shape ?? [] },
  };
}

/** Converts downloaded buffers, which may have padding, to tensors in the case's layout. */
function tensorsOf({ case: c }: Call, results: ReadonlyMap<BufferName, ArrayBuffer>, shapes: Shapes): Tensors {
  const tensors: Tensors = {};
  for (const [name, bytes] of results) {
    const { dtype, shape } = shapes[name] as NonNullable<Shapes[BufferName]>;
    const t = tensor(dtype, shape, arrayOn(dtype, bytes, 0, sizeOf(shape)));
    tensors[name] = c.packed ? asPacked(name, t) : t;
  }
  return tensors;
}
