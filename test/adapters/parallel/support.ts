import { expect } from 'vitest';
import type { Passes } from '../../../adapters/controls/mutants/lib/mutant.js';
import { reference } from '../../../adapters/controls/reference/index.js';
import { capabilitiesOf } from '../../../adapters/controls/second-form/capabilities.js';
import { programKernel } from '../../../adapters/controls/second-form/program-kernel.js';
import { layoutFor } from '../../../adapters/parallel/job/layout.js';
import { simulateScheme } from '../../../adapters/parallel/job/scheme-job.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { tiesOf } from '../../../spec/operator/axes.js';
import { carriedState } from '../../../spec/operator/carried-state.js';
import { ownAxes, secondForm } from '../../../spec/operator/facts.js';
import { balanceOf, type DeclaredBalance } from '../../../spec/scheme/balance.js';
import { caseScalarsOf } from '../../../spec/scheme/case-scalars.js';
import { volumeOf } from '../../../spec/scheme/volume.js';
import { worldOf } from '../../../spec/scheme/world.js';
import { contiguousData, type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Dims, Mask, Operator, Scheme } from '../../../spec/types/documents.js';

export const library = createLibrary();
export const capabilities = resolveCapabilities(reference.capabilities, 'reference');
const opened = reference.open();
const forms = [...library.operators.values()].flatMap((operator) => (carriedState(operator) && secondForm(operator)) || []);
const formCapabilities = resolveCapabilities(capabilitiesOf(forms), 'second-form');

/** The kernel inside a scheme, and its claims: the reference, or the second form of an operator that carries a state. */
export async function kernelOf(operator: string): Promise<{ kernel: Passes; capabilities: FullCapabilities }> {
  if (capabilities.operators.includes(operator)) return { kernel: (await opened) as Passes, capabilities };
  return { kernel: programKernel(forms), capabilities: formCapabilities };
}

export type Direction = 'forward' | 'backward';

export function schemeCase(dims: Partial<Dims>, mask: Mask, options: { readonly sink?: boolean } = {}, dtype: Case['dtype'] = 'f64'): Case {
  const n = dims.n ?? 8;
  return {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: n, d: 3, e: 2, ...dims, n },
    mask,
    options: options.sink ? { sink: true } : {},
    dtype,
    layout: 'bhld',
    values: { distribution: 'normal', seed: 3 },
  };
}

/** The case for an operator, with sizes for the axes of its own: those that are tied to another one's, else 3. */
export function asCaseOf(operator: string, c: Case): Case {
  const document = library.operators.get(operator) as Operator;
  const dims: Record<string, number> = { ...c.dims };
  for (const axis of ownAxes(document)) dims[axis] ??= 3;
  for (const [x, y] of tiesOf(document)) dims[y] = dims[x];
  return { ...c, operator, dims: dims as Dims };
}

/** Outputs of the scheme on simulated ranks. */
export async function onRanks(c: Case, scheme: string, ranks: number, direction: Direction = 'forward', schedule = 1): Promise<Tensors> {
  const call = { case: { ...c, parallel: { scheme, ranks, schedule } }, tensors: inputsOf(c, direction) };
  const inside = await kernelOf(c.operator);
  return simulateScheme(library, inside.kernel, inside.capabilities, call, direction === 'backward');
}

/** Requires that the scheme agrees with a single call of the kernel, within rounding, and sends the bytes that its document declares. */
export async function expectSingleDevice(
  c: Case,
  scheme: string,
  ranks: readonly number[],
  directions: readonly Direction[],
  tolerance = 1e-12,
): Promise<void> {
  const { kernel } = await kernelOf(c.operator);
  for (const direction of directions) {
    const call = { case: c, tensors: inputsOf(c, direction) };
    const one = (direction === 'backward' ? await kernel.backward(call) : await kernel.forward(call)) as Tensors;
    for (const size of ranks) {
      const many = await onRanks(c, scheme, size, direction, size);
      const told = `${scheme} on ${size} ranks, ${direction} of ${JSON.stringify(c)}`;
      for (const name of Object.keys(one)) expectClose(valuesOf(many[name]), valuesOf(one[name]), `${told}: ${name}`, tolerance);
      expect([...valuesOf(many.sent)], told).toEqual([...declaredBytes(c, scheme, size, direction)]);
    }
  }
}

/** Requires only that the scheme sends the bytes that its document declares, for dtypes in which partial results are rounded. */
export async function expectDeclaredBytes(
  c: Case,
  scheme: string,
  ranks: readonly number[],
  directions: readonly Direction[],
): Promise<void> {
  for (const direction of directions) {
    for (const size of ranks) {
      const { sent } = await onRanks(c, scheme, size, direction);
      const told = `${scheme} on ${size} ranks, ${direction} of ${JSON.stringify(c)}`;
      expect([...valuesOf(sent)], told).toEqual([...declaredBytes(c, scheme, size, direction)]);
    }
  }
}

/** Largest area of a rank over the mean, and the value that the document declares for it. */
export async function balanceFound(c: Case, scheme: string, ranks: number): Promise<{ found: number; declared?: DeclaredBalance }> {
  const area = valuesOf((await onRanks(c, scheme, ranks)).area);
  const mean = area.reduce((x, y) => x + y, 0) / ranks;
  return {
    found: Math.max(...area) / mean,
    declared: balanceOf(worldOf(library.schemes.get(scheme) as Scheme, c.dims, ranks, false, {}, c.mask), c.mask),
  };
}

/** Requires that the scheme gives the same bits in whatever order its messages arrive. */
export async function expectSameBits(c: Case, scheme: string, ranks: number, direction: Direction): Promise<void> {
  const bits = async (schedule: number) => {
    const { messages: _, ...tensors } = await onRanks(c, scheme, ranks, direction, schedule);
    return Object.entries(tensors).map(([name, t]) => [name, Buffer.from(contiguousData(t).buffer).toString('hex')]);
  };
  const first = await bits(0);
  for (let schedule = 1; schedule < 12; schedule++) expect(await bits(schedule), `${scheme}, schedule ${schedule}`).toEqual(first);
}

export function declaredBytes(c: Case, scheme: string, ranks: number, direction: Direction): Float64Array {
  const document = library.schemes.get(scheme) as Scheme;
  const { b, hk, g, m, n } = c.dims;
  const mask = compileMask(library, c.mask, { b, heads: hk * g, m, n, causal: 'bottom-right', window: 'inclusive' });
  const world = worldOf(document, c.dims, ranks, direction === 'backward' && c.options.sink === true, caseScalarsOf(library, c), c.mask);
  return volumeOf(world, layoutFor(world, { library, case: c, mask }), mask, direction, c.dtype);
}

export function inputsOf(c: Case, direction: Direction): Tensors {
  // a scheme takes no gradient of the LSE
  const { dlse: _, ...tensors } = tensorsOf(
    Claims.of(library, capabilities.operators.includes(c.operator) ? capabilities : formCapabilities),
    c,
    direction,
  );
  return tensors;
}

function expectClose(actual: Float64Array, expected: Float64Array, told: string, tolerance: number): void {
  expect(actual.length, told).toBe(expected.length);
  for (let at = 0; at < expected.length; at++) {
    const near = Object.is(actual[at], expected[at]) || Math.abs(actual[at] - expected[at]) <= tolerance * (1 + Math.abs(expected[at]));
    if (!near) expect.fail(`${told}[${at}] is ${actual[at]}, alone ${expected[at]}`);
  }
}
