import { plainAttention } from '../../spec/oracle/streamed.js';
import type { Problem } from '../../spec/problem.js';
import { type Tensors, valuesOf } from '../../spec/tensor/tensor.js';
import type { JudgeContext } from '../contract/property.js';
import { overOutputs } from './hints/delta.js';
import { besideAnswer, isAnswer } from './hints/fits.js';
import { wrongOutputs } from './hints/hints.js';
import { questionOf } from './question.js';

/** Class of gradients that are wrong only because the forward outputs they read are. */
export const entailed = 'entailed';

const readable = ['o', 'lse'] as const;
const titles = { o: 'o', lse: 'LSE' };
type Read = readonly (typeof readable)[number][];

/** Judges gradients by the kernel's forward outputs: a backward pass may read o and the LSE. */
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

function readings(wrong: Read): Read[] {
  return wrong.length < 2 ? [wrong].filter(({ length }) => length > 0) : [wrong, ...wrong.map((name): Read => [name])];
}

function withOutputs(context: JudgeContext, problem: Problem, given: Tensors, read: Read): Problem | undefined {
  const plain = plainAttention(problem);
  // this LSE lacks the sink's share
  if (!plain || (plain.inputs.sink && plain.dialect.lseSink === 'excluded')) return undefined;
  const [o, lse] = readable.map((name) => (read.includes(name) ? valuesOf(given[name]) : undefined));
  return overOutputs(plain, context.expectation(context.case, false), { o, lse });
}
