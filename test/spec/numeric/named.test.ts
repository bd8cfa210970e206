import { describe, expect, it } from 'vitest';
import { numericsByName, numericsOf } from '../../../spec/numeric/named.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { numericsDocuments } from '../../../spec/numerics/index.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import type { DType } from '../../../spec/types/documents.js';
import { type Given, problem } from '../oracle/problems.js';

const dtypes: readonly DType[] = ['f64', 'f32', 'f16', 'bf16'];
const devices = ['cpu', 'cuda', 'cuda-tf32'] as const;

/** Largest bound of the outputs of a small problem, by a profile. */
function boundBy(name: string, dtype: DType): number {
  const values = (size: number) => Float64Array.from({ length: size }, (_, i) => Math.fround(Math.cos(1 + i * i)));
  const tensor = (rows: number) => ({ shape: [1, 1, rows, 8], data: values(8 * rows) });
  const dims = { b: 1, hk: 1, g: 1, m: 4, n: 40, d: 8, e: 8 };
  const given = { dims, dtype, inputs: { q: tensor(4), k: tensor(40), v: tensor(40) }, mask: { name: 'full' } } as unknown as Given;
  const numeric = resolveNumeric(dtype, numericsByName.get(name)?.numeric);
  return Math.max(...softmaxForward({ ...problem(given), numeric }).outputs.o.bound);
}

describe('named numeric profiles', () => {
  it.each(numericsDocuments.map((document) => [document.name, document] as const))(
    '%s resolves for each dtype',
    (name, { numeric, version }) => {
      expect(numericsByName.get(name)?.numeric).toBe(numeric);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      for (const dtype of dtypes) expect(resolveNumeric(dtype, numeric).storage).toBe(dtype);
    },
  );

  it.each(devices.flatMap((device) => dtypes.map((dtype) => [device, dtype] as const)))(
    'of %s and %s begin with the narrowest',
    (device, dtype) => {
      const family = numericsOf(device, dtype);
      if (device !== 'cuda-tf32') expect(family.length).toBeGreaterThan(0);
      const ranks = family.map(({ defaults = [] }) => defaults.find((of) => of.device === device && of.dtypes.includes(dtype))?.rank);
      expect(ranks).toEqual(ranks.map((_, at) => at));
      const bounds = family.map(({ name }) => boundBy(name, dtype));
      expect(Math.min(...bounds)).toBe(bounds[0] ?? Infinity);
    },
  );
});
