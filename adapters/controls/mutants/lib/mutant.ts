import type { Expectation, Problem } from '../../../../spec/problem.js';
import type { Limits, Operator } from '../../../../spec/types/documents.js';
import type { Capabilities } from '../../../adapter.js';
import type { Call, Kernel } from '../../../kernel.js';
import type { SchemeProgram } from '../../../parallel/program.js';
import type { Arithmetic } from '../../reference/arithmetic/arithmetic.js';
import type { SoftmaxForward } from '../../reference/softmax/softmax-forward.js';
import type { Steps } from '../../reference/steps/steps.js';
import type { ProgramPaging } from '../../second-form/paged.js';

/** Classes of faults in real kernels; `Exploits` are kernels that are made to pass a checker rather than to be right. */
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

/** One of these classes, or that of the operator documents of a family. */
export type FaultClass = (typeof faultClasses)[number] | `Operators: ${string}`;

/** Parts of a mutant that replace those of the correct kernel; parts that are left out are correct. */
export interface Fault {
  readonly steps?: Partial<Steps>;
  /** Forward pass; if absent, online softmax over tiles. */
  readonly forward?: SoftmaxForward;
  /** Arithmetic of the accumulator for f32, f16 and bf16. */
  readonly float32?: Arithmetic;
  /** Returns the call that the kernel computes in place of the one it gets. */
  readonly call?: (call: Call, pass: 'forward' | 'backward') => Call;
  /** Programs of schemes, with a correct kernel inside. */
  readonly programs?: readonly SchemeProgram[];
  /** Returns passes that replace those of the kernel, for faults that are not a step. */
  readonly wrap?: (kernel: Passes) => Partial<Passes>;
  /** Returns how calls are captured, from the passes of the kernel, for a fault that only replays have. */
  readonly capture?: (kernel: Passes) => NonNullable<Kernel['capture']>;
  /** Program of an operator that is evaluated in the place of the correct kernel's loops. */
  readonly form?: FaultyForm;
  /** Creates the fault for each kernel that is opened, if the fault keeps state from call to call. */
  readonly perKernel?: () => Fault;
}

/** Program of an operator with a fault in it, or with inputs that are read wrongly. */
export interface FaultyForm {
  /** The operator with the fault in its program. */
  readonly operator: Operator;
  /** The operator with the program as it was. */
  readonly right: Operator;
  /** Returns the problem that the kernel computes in place of the one it gets. */
  readonly read?: (problem: Problem) => Problem;
  /** Returns the outputs, or the gradients, that the kernel gives in place of those it has computed of a problem. */
  readonly answer?: (problem: Problem, outputs: Expectation['outputs']) => Expectation['outputs'];
  /** How the kernel finds rows in pages, where that is wrong. */
  readonly paging?: Partial<ProgramPaging>;
  /** Limits that the kernel claims. */
  readonly limits?: Limits;
}

/** Both passes of a kernel. */
export type Passes = Required<Pick<Kernel, 'forward' | 'backward'>>;

/** Correct kernel, or scheme, with one deliberate fault. */
export interface Mutant {
  /** Identifier of small letters, digits and dashes. */
  readonly id: string;
  readonly class: FaultClass;
  /** Description of the fault. */
  readonly title: string;
  /** Public bug that it imitates: its address, or, if there is none to cite, a description of the report. */
  readonly imitates: string;
  readonly fault: Fault;
  /** Operators that it claims, if those are not softmax attention alone. */
  readonly operators?: Capabilities['operators'];
  /** Dtypes that it claims, if the fault needs another type than f32. */
  readonly dtypes?: Capabilities['dtypes'];
  /** Dialect that it declares, if that is not the default. */
  readonly dialect?: Capabilities['dialect'];
  /** Claims of repeated calls, if the fault is there, which other mutants have none of, and of its arithmetic. */
  readonly claims?: Pick<Capabilities, 'captured' | 'reuse' | 'numeric' | 'gradients'>;
  /** Profile that judges it, if its fault begins at sizes that no usual profile has. */
  readonly profile?: string;
  /** Only property that finds it: `npm run accept -- worth` checks that no other property does. */
  readonly alone?: string;
  /** Reason why no input can distinguish it from a correct kernel. */
  readonly equivalent?: string;
}

/** Returns mutants of one class. */
export function mutantsOf(faultClass: FaultClass, mutants: readonly Omit<Mutant, 'class'>[]): Mutant[] {
  return mutants.map((mutant) => ({ ...mutant, class: faultClass }));
}
