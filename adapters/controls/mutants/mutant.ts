import type { Capabilities } from '../../adapter.js';
import type { Call, Kernel } from '../../kernel.js';
import type { SchemeProgram } from '../../parallel/program.js';
import type { Arithmetic } from '../reference/arithmetic.js';
import type { SoftmaxForward } from '../reference/softmax-forward.js';
import type { Steps } from '../reference/steps.js';

/** What goes wrong in real kernels, in classes, and kernels that are made to pass a checker rather than to be right. */
export const faultClasses = [
  'Empty row',
  'Masked tile',
  'Poison',
  'Causal',
  'Window',
  'Mask',
  'Strides',
  'Tails',
  'Dv ≠ D',
  'Head sharing',
  'Score algebra',
  'LSE',
  'Numerics',
  'Cache and pages',
  'Packed sequences',
  'Limits',
  'Sizes of models',
  'Backward',
  'Determinism',
  'Dispatch',
  'Ring order',
  'Ring merge',
  'Masks under CP',
  'Shard layout',
  'Ulysses, USP',
  'Messages',
  'Bytes and balance',
  'Star, LongNet, APB',
  'Linear attention',
  'States under CP',
  'Games',
] as const;

export type FaultClass = (typeof faultClasses)[number];

/** What a mutant has in place of the correct kernel's: what is left out is correct. */
export interface Fault {
  readonly steps?: Partial<Steps>;
  /** Online softmax over tiles, otherwise. */
  readonly forward?: SoftmaxForward;
  /** The accumulator of f32, f16 and bf16. */
  readonly float32?: Arithmetic;
  /** What the kernel takes a call for. */
  readonly call?: (call: Call, pass: 'forward' | 'backward') => Call;
  /** Of schemes, with a correct kernel inside. */
  readonly programs?: readonly SchemeProgram[];
  /** In place of the kernel's passes, for faults that are not a step. */
  readonly wrap?: (kernel: Passes) => Partial<Passes>;
  /** Of a fault that keeps something from call to call: made for each kernel that is opened. */
  readonly perKernel?: () => Fault;
}

/** Both passes of a kernel. */
export type Passes = Required<Pick<Kernel, 'forward' | 'backward'>>;

/** A correct kernel, or scheme, with one deliberate fault. */
export interface Mutant {
  /** Of small letters, digits and dashes. */
  readonly id: string;
  readonly class: FaultClass;
  /** What is wrong with it. */
  readonly title: string;
  /** The public bug that it imitates: its address, or where there is none to cite, what was reported in words. */
  readonly imitates: string;
  readonly fault: Fault;
  /** What it is asked for, where that is not softmax attention alone. */
  readonly operators?: Capabilities['operators'];
  /** What it computes in, where the fault needs another type than f32. */
  readonly dtypes?: Capabilities['dtypes'];
  /** The dialect that it declares, where that is not the default. */
  readonly dialect?: Capabilities['dialect'];
  /** The property without which nothing finds it: `npm run accept -- worth` asks all the others. */
  readonly alone?: string;
  /** Why no input can tell it from a correct kernel. */
  readonly equivalent?: string;
}

/** Mutants of one class. */
export function mutantsOf(faultClass: FaultClass, mutants: readonly Omit<Mutant, 'class'>[]): Mutant[] {
  return mutants.map((mutant) => ({ ...mutant, class: faultClass }));
}
