import type { Expectation, Problem } from '../../../../spec/problem.js';
import type { Limits, Operator } from '../../../../spec/types/documents.js';
import type { Capabilities } from '../../../adapter.js';
import type { Call, Kernel } from '../../../kernel.js';
import type { SchemeProgram } from '../../../parallel/program.js';
import type { Arithmetic } from '../../reference/arithmetic/arithmetic.js';
import type { SoftmaxForward } from '../../reference/softmax/softmax-forward.js';
import type { Steps } from '../../reference/steps/steps.js';
import type { ProgramPaging } from '../../second-form/paged.js';

/** Classes of faults of real kernels; `Exploits` are made to pass a checker. */
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
  'Long sequences',
  'Backward',
  'Determinism',
  'Dispatch',
  'Captured calls',
  'Reused outputs',
  'Ring order',
  'Ring merge',
  'Gradients of keys',
  'Masks under CP',
  'Shard layout',
  'Ulysses, USP',
  'Messages',
  'Bytes and balance',
  'Star, LongNet, APB',
  'Linear attention',
  'States under CP',
  'Exploits',
] as const;

/** Fault class, or `Operators:` with a family of operator documents. */
export type FaultClass = (typeof faultClasses)[number] | `Operators: ${string}`;

/** Parts that replace parts of the correct kernel. */
export interface Fault {
  readonly steps?: Partial<Steps>;
  /** Forward pass; default: online softmax over tiles. */
  readonly forward?: SoftmaxForward;
  /** Accumulator arithmetic for f32, f16 and bf16. */
  readonly float32?: Arithmetic;
  readonly call?: (call: Call, pass: 'forward' | 'backward') => Call;
  readonly programs?: readonly SchemeProgram[];
  /** Returns replacements for passes, for faults beyond steps. */
  readonly wrap?: (kernel: Passes) => Partial<Passes>;
  readonly capture?: (kernel: Passes) => NonNullable<Kernel['capture']>;
  /** Faulty program that replaces the kernel's loops. */
  readonly form?: FaultyForm;
  /** Makes the fault of each opened kernel, for faults with state. */
  readonly perKernel?: () => Fault;
}

/** Faulty program of an operator, or faulty reading of its inputs. */
export interface FaultyForm {
  readonly operator: Operator;
  readonly right: Operator;
  readonly read?: (problem: Problem) => Problem;
  readonly answer?: (problem: Problem, outputs: Expectation['outputs']) => Expectation['outputs'];
  readonly paging?: Partial<ProgramPaging>;
  readonly limits?: Limits;
}

export type Passes = Required<Pick<Kernel, 'forward' | 'backward'>>;

/** Correct kernel or scheme with one deliberate fault. */
export interface Mutant {
  readonly id: string;
  readonly class: FaultClass;
  readonly title: string;
  /** Address of the imitated public bug, or a description of the report. */
  readonly imitates: string;
  readonly fault: Fault;
  /** Claimed operators, if not softmax only. */
  readonly operators?: Capabilities['operators'];
  /** Claimed dtypes, if not f32 only. */
  readonly dtypes?: Capabilities['dtypes'];
  /** Declared dialect, if not the default. */
  readonly dialect?: Capabilities['dialect'];
  readonly claims?: Pick<Capabilities, 'captured' | 'reuse' | 'numeric' | 'gradients'>;
  /** Profile with sizes that show the fault, if not a usual profile. */
  readonly profile?: string;
  /** Only property that finds it, checked by `npm run accept -- worth`. */
  readonly alone?: string;
  /** Reason why no input can tell it from a correct kernel. */
  readonly equivalent?: string;
}

export function mutantsOf(faultClass: FaultClass, mutants: readonly Omit<Mutant, 'class'>[]): Mutant[] {
  return mutants.map((mutant) => ({ ...mutant, class: faultClass }));
}
