import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFiles } from '../../../../adapters/backends/process/call-files.js';
import { Crashed, Intruded } from '../../../../adapters/kernel.js';
import { PrivateFolder } from '../../../../adapters/system/private-folder.js';
import { allocate, type TensorDType } from '../../../../spec/tensor/dtype.js';
import { decodeSafetensors } from '../../../../spec/tensor/safetensors.js';
import { contiguousData, rowMajor, type Tensor } from '../../../../spec/tensor/tensor.js';
import { scratch } from '../../../suites/runner/run-kernels.js';
import { oneCall } from './one-call.js';

/** Any element type, contiguous or not, with any bits. */
const tensors = fc
  .record({
    dtype: fc.constantFrom<TensorDType>('f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2', 'i32', 'bool'),
    shape: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
    transposed: fc.boolean(),
    offset: fc.integer({ min: 0, max: 3 }),
    seed: fc.nat(255),
  })
  .map(({ dtype, shape, transposed, offset, seed }): Tensor => {
    const strides = transposed ? rowMajor([...shape].reverse()).reverse() : rowMajor(shape);
    const data = allocate(dtype, offset + shape.reduce((a, b) => a * b, 1));
    new Uint8Array(data.buffer).forEach((_, i, bytes) => {
      bytes[i] = (i * 37 + seed) % (dtype === 'bool' ? 2 : 251);
    });
    return { dtype, shape, strides, offset, data };
  });

function inFolder(test: (folder: PrivateFolder) => void): void {
  const folder = new PrivateFolder(scratch());
  try {
    test(folder);
  } finally {
    folder.remove();
  }
}

const bitsOf = (t: Tensor) => Buffer.from(new Uint8Array(contiguousData(t).slice().buffer));

describe('the files of a call', () => {
  it('hold every bit of its inputs, under their views', () => {
    inFolder((folder) => {
      let seq = 0;
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom('q', 'k', 'v', 'mask'), tensors), (inputs) => {
          const files = new CallFiles(folder, seq++, { ...oneCall, tensors: inputs });
          const { tensors: read } = decodeSafetensors(readFileSync(files.inputs));
          for (const [name, t] of Object.entries(inputs)) {
            const view = files.views?.[name];
            expect(bitsOf(view ? { ...read[name], ...view } : read[name])).toEqual(bitsOf(t));
            expect(view?.shape ?? read[name].shape).toEqual([...t.shape]);
          }
          copyFileSync(files.inputs, files.outputs);
          expect(files.readOutputs()).toEqual(read);
          files.checkInputs();
          files.remove();
        }),
      );
    });
  });

  it('lie where nobody else can read them', () => {
    inFolder((folder) => {
      const files = new CallFiles(folder, 1, oneCall);
      expect([statSync(folder.path).mode & 0o777, statSync(files.inputs).mode & 0o777]).toEqual([0o700, 0o600]);
    });
  });

  it('show any byte of an input that was changed, and what it belongs to', () => {
    inFolder((folder) => {
      let seq = 0;
      fc.assert(
        fc.property(fc.nat(400), fc.integer({ min: 1, max: 255 }), (place, change) => {
          const files = new CallFiles(folder, seq++, oneCall);
          const bytes = readFileSync(files.inputs);
          const at = place % (bytes.length + 1);
          if (at === bytes.length) writeFileSync(files.inputs, 'x', { flag: 'a' });
          else writeFileSync(files.inputs, bytes.fill(bytes[at] ^ change, at, at + 1));
          expect(() => files.checkInputs()).toThrow(Intruded);
          expect(() => files.checkInputs()).toThrow(/input [qkv] \(byte \d+\)|of its header|at byte 0 after its end/);
          files.remove();
        }),
      );
    });
  });

  it('whatever a kernel writes, it is tensors or a broken protocol', () => {
    inFolder((folder) => {
      let seq = 0;
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, plausible) => {
          const files = new CallFiles(folder, seq++, oneCall);
          // a header's length that could be true makes the rest be read
          writeFileSync(files.outputs, plausible ? Buffer.concat([Buffer.from([bytes.length % 64, 0, 0, 0, 0, 0, 0, 0]), bytes]) : bytes);
          try {
            expect(files.readOutputs()).toBeTypeOf('object');
          } catch (error) {
            expect(error).toBeInstanceOf(Crashed);
          }
          files.remove();
        }),
      );
    });
  });
});
