import { preview } from '../../../spec/lib/preview.js';
import { allocate, type TensorDType, tensorDTypes } from '../../../spec/tensor/dtype.js';
import { rowMajor, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';

/** Answer that does not consist of tensors. */
export class NotTensors extends Error {}

/** Reads a kernel's return value; strides and offset are optional. @throws {NotTensors} */
export function readOutputs(value: unknown): Tensors {
  if (typeof value !== 'object' || value === null)
    throw new NotTensors(`the kernel returned ${describe(value)} instead of an object of tensors`);
  const tensors: Tensors = {};
  for (const [name, output] of Object.entries(value)) {
    if (name === 'outcome')
      throw new NotTensors('the kernel returned an output named outcome; the suite reserves this name for jobs without a result');
    if (output !== undefined) tensors[name] = readTensor(name, output);
  }
  return tensors;
}

function readTensor(name: string, value: unknown): Tensor {
  if (typeof value !== 'object' || value === null)
    throw new NotTensors(`output ${name} is ${describe(value)}, not a tensor {dtype, shape, strides, offset, data}`);
  const { dtype, shape, data, strides, offset = 0 } = value as Partial<Tensor>;
  if (!tensorDTypes.includes(dtype as TensorDType))
    throw new NotTensors(`output ${name} has dtype ${describe(dtype)}, allowed: ${tensorDTypes.join(', ')}`);
  if (!isIntegers(shape) || shape.some((size) => size < 0))
    throw new NotTensors(`output ${name} has shape ${describe(shape)}, not a list of sizes`);
  const kind = allocate(dtype as TensorDType, 0).constructor;
  if (data?.constructor !== kind)
    throw new NotTensors(`output ${name} of dtype ${dtype} has ${describe(data)} as data, not a ${kind.name}`);
  const steps = strides ?? rowMajor(shape);
  if (!isIntegers(steps) || steps.length !== shape.length)
    throw new NotTensors(`output ${name} has strides ${describe(strides)} for shape [${shape}]`);
  if (!Number.isSafeInteger(offset)) throw new NotTensors(`output ${name} has offset ${describe(offset)}`);
  const [first, last] = extent(shape, steps, offset);
  if (first < 0 || last > data.length) {
    throw new NotTensors(`output ${name} of shape [${shape}] reaches elements ${first} to ${last - 1} of data that holds ${data.length}`);
  }
  return { dtype: dtype as TensorDType, shape, strides: steps, offset, data };
}

/** Elements that a view reaches, as [first, last + 1). */
function extent(shape: readonly number[], strides: readonly number[], offset: number): [number, number] {
  if (shape.some((size) => size === 0)) return [0, 0];
  let first = offset;
  let last = offset;
  shape.forEach((size, axis) => {
    const reach = (size - 1) * strides[axis];
    if (reach < 0) first += reach;
    else last += reach;
  });
  return [first, last + 1];
}

function isIntegers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n));
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'function' ? 'a function' : preview(value);
}
