import { plain } from '../../../adapters/controls/reference/softmax/plain.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Numeric } from '../../../spec/types/documents.js';
import type { Simulation } from './kernel.js';
import { approximateExp, flushing, nearest, tensorFloat } from './rounders.js';
import { partialGradients, tile, tiled } from './tiled.js';

/** Numeric profile with kernels that compute exactly as it allows, or with worse ones that it must not cover. */
export interface SimulatedProfile {
  readonly id: string;
  readonly dtype: DType;
  /** Numeric profile that the kernels declare. */
  readonly numeric: Numeric;
  /** Kernels that take turns over the cases. */
  readonly kernels: readonly Simulation[];
}

const f32 = nearest('f32');
const f16 = nearest('f16');
const bf16 = nearest('bf16');
const flushed = flushing('f32');
/** Relative error of the simulated approximate exponential. */
const expError = 2 ** -12;

const fused: Simulation = { forward: tiled(), rounding: { round: f32, fused: true }, stores: false };
const separate: Simulation = { ...fused, forward: plain, rounding: { round: f32, fused: false } };
const storing = (kernel: Simulation): Simulation => ({ ...kernel, stores: true });
const with32 = (kernel: Simulation, changes: Partial<Simulation['rounding']>): Simulation => ({
  ...kernel,
  rounding: { ...kernel.rounding, ...changes },
});

/** Kernel that flushes every intermediate result below the smallest normal number to zero and, if `inputs`, every such input. */
const flush = (kernel: Simulation, dtype: DType, inputs: boolean): Simulation => ({
  ...with32(kernel, { round: flushed }),
  store: flushing(dtype),
  ...(inputs && { read: flushing(dtype) }),
});

const partials: Simulation = { ...storing(fused), forward: tiled(bf16), steps: partialGradients(bf16) };

/** Kernels that are correct under their profile. */
export const correctProfiles: readonly SimulatedProfile[] = [
  { id: 'f32', dtype: 'f32', numeric: { tile }, kernels: [fused, separate] },
  { id: 'bf16', dtype: 'bf16', numeric: { tile }, kernels: [storing(fused), storing(separate)] },
  { id: 'f16', dtype: 'f16', numeric: { tile }, kernels: [storing(fused), storing(separate)] },
  {
    id: 'f32-flush',
    dtype: 'f32',
    numeric: { tile, flushToZero: true },
    kernels: [flush(fused, 'f32', false), flush(separate, 'f32', true)],
  },
  {
    id: 'f16-flush',
    dtype: 'f16',
    numeric: { tile, flushToZero: true },
    kernels: [flush(storing(fused), 'f16', false), flush(storing(separate), 'f16', true)],
  },
  { id: 'f16-prescaled', dtype: 'f16', numeric: { tile, prescaledQ: true }, kernels: [{ ...storing(fused), prescales: true }] },
  { id: 'bf16-partials', dtype: 'bf16', numeric: { tile, partials: 'storage' }, kernels: [partials] },
  {
    id: 'f32-tf32',
    dtype: 'f32',
    numeric: { tile, products: 'tf32' },
    kernels: [with32(fused, { operand: tensorFloat }), with32(separate, { operand: tensorFloat })],
  },
  {
    id: 'f32-exp',
    dtype: 'f32',
    numeric: { tile, exp: expError },
    kernels: [with32(fused, { exp: approximateExp(expError, true) }), with32(separate, { exp: approximateExp(expError, false) })],
  },
  {
    id: 'f16-accumulator',
    dtype: 'f16',
    numeric: { tile, accumulate: 'f16' },
    kernels: [storing(with32(fused, { round: f16 })), storing(with32(separate, { round: f16 }))],
  },
];

/** Kernels that are a little less accurate than the profile they declare. */
export const worseProfiles: readonly SimulatedProfile[] = [
  { id: 'f16 accumulator, undeclared', dtype: 'f16', numeric: { tile }, kernels: [storing(with32(fused, { round: f16 }))] },
  { id: 'P and dS in bf16 where f16 is stored', dtype: 'f16', numeric: { tile }, kernels: [{ ...storing(fused), rounded: bf16 }] },
  { id: 'f32 flushed, undeclared', dtype: 'f32', numeric: { tile }, kernels: [flush(fused, 'f32', false)] },
  { id: 'f16 flushed, undeclared', dtype: 'f16', numeric: { tile }, kernels: [flush(storing(fused), 'f16', false)] },
  { id: 'f16 prescaled, undeclared', dtype: 'f16', numeric: { tile }, kernels: [{ ...storing(fused), prescales: true }] },
  { id: 'bf16 partial sums, undeclared', dtype: 'bf16', numeric: { tile }, kernels: [partials] },
  { id: 'TF32, undeclared', dtype: 'f32', numeric: { tile }, kernels: [with32(fused, { operand: tensorFloat })] },
  {
    id: 'exponential four times as far off as declared',
    dtype: 'f32',
    numeric: { tile, exp: expError },
    kernels: [with32(fused, { exp: approximateExp(4 * expError, false) })],
  },
];

export function profileNamed(id: string): SimulatedProfile {
  return [...correctProfiles, ...worseProfiles].find((profile) => profile.id === id) as SimulatedProfile;
}
