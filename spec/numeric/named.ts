import { numericsDocuments } from '../numerics/index.js';
import type { DType } from '../tensor/dtype.js';
import type { Numerics, NumericsDefault } from '../types/documents.js';

export type Device = NumericsDefault['device'];

/** Named numeric profiles, by name. */
export const numericsByName: ReadonlyMap<string, Numerics> = new Map(numericsDocuments.map((numerics) => [numerics.name, numerics]));

/** Profiles of kernels on a device for a dtype, the one with the narrowest bounds first. */
export function numericsOf(device: Device, dtype: DType): readonly Numerics[] {
  const ranked = numericsDocuments.flatMap((numerics) =>
    (numerics.defaults ?? []).filter((of) => of.device === device && of.dtypes.includes(dtype)).map(({ rank }) => ({ numerics, rank })),
  );
  return ranked.sort((x, y) => x.rank - y.rank).map(({ numerics }) => numerics);
}
