import { plainAttention } from '../../spec/oracle/streamed.js';
import type { Problem } from '../../spec/problem.js';
import { type Tensors, valuesOf } from '../../spec/tensor/tensor.js';
import type { JudgeContext } from '../contract/property.js';
import { overOutputs } from './hints/delta.js';
import { besideAnswer, isAnswer } from './hints/fits.js';
import { wrongOutputs } from './hints/hints.js';
import { questionOf } from './question.js';

/** Class of the failure whose message says that gradients are right for what the forward pass gives, which is wrong. */
export const entailed = 'entailed';

/** Outputs of the forward pass that a backward pass may read. */
const readable = ['o', 'lse'] as const;
const titles = { o: 'o', lse: 'LSE' };
type Read = readonly (typeof readable)[number][];

/**
 * The gradients of a case by what the kernel's own forward pass gives. A fault of the forward pass alone
 * makes gradients wrong too, in kernels whose backward pass reads o, for Δ = Σ do·o, and the LSE.
 */
export const ownOutputs = questionOf({
  name: 'own-outputs',
  title: 'the gradients do not follow from wrong outputs of the forward pass',
  calls: (c) => [
    { command: 'forward', case: c },
    { command: 'backward', case: c },
  ],
  judge: (context) => {
    const [forward, backward] = [0, 1].map((call) => wrongOutputs(context, call));
    const wrong = readable.filter((name) => forward.some(({ output }) => output === name));
    const read = readings(wrong).find((names) => {
      const problem = withOutputs(context, context.problem(context.case, true), context.results[0], names);
      const hypothesis = problem && { text: names.join(), problem };
      return hypothesis && isAnswer(hypothesis, besideAnswer(context, 1, hypothesis), backward);
    });
    if (!read) return { status: 'pass' };
    const which = `the ${read.map((name) => titles[name]).join(' and the ')} of the kernel's own forward pass, which ${read.length === 1 ? 'is' : 'are'} wrong`;
    return { status: 'fail', class: entailed, message: `the gradients are those of a right backward pass over ${which}` };
  },
});

/** Lists which of the wrong outputs may be read: all, or one of them, where a backward pass computes the other anew. */
function readings(wrong: Read): Read[] {
  return wrong.length < 2 ? [wrong].filter(({ length }) => length > 0) : [wrong, ...wrong.map((name): Read => [name])];
}

/** Returns the problem whose gradients are those of a backward pass over given outputs; undefined where there is none, and of other operators than softmax attention. */
function withOutputs(context: JudgeContext, problem: Problem, given: Tensors, read: Read): Problem | undefined {
  const plain = plainAttention(problem);
  // what the LSE leaves out is not known of it
  if (!plain || (plain.inputs.sink && plain.dialect.lseSink === 'excluded')) return undefined;
  const [o, lse] = readable.map((name) => (read.includes(name) ? valuesOf(given[name]) : undefined));
  return overOutputs(plain, context.expectation(context.case, false), { o, lse });
}
