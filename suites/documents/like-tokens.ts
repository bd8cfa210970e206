import { type InputFacts, inputsOf } from '../../spec/operator/facts.js';
import type { Problem } from '../../spec/problem.js';
import type { Float64Tensor } from '../../spec/tensor/tensor-rows.js';

/** Part of a channel that differs between tokens. */
const difference = 0.3;
/** Decay of a token, between these two: a picture of some tokens has its shades. */
const decay = { least: 0.15, more: 0.15 };

const channelDraws: readonly string[] = ['normal', 'distinct', 'small', 'direction'];

/**
 * Makes the tokens of a problem much alike: every query scores every key nearly the same, and decays have nearly one rate. A picture of the weights then
 * shows the structure of the operator (a window, a sink, a block, a decay) instead of random numbers.
 */
export function withLikeTokens(problem: Problem): Problem {
  const inputs = Object.entries(inputsOf(problem.operator)).flatMap(([name, facts]): [string, Float64Tensor][] => {
    const input = problem.inputs[name];
    const change = changeOf(facts);
    return input && change ? [[name, { ...input, data: change(input) }]] : [];
  });
  return { ...problem, inputs: { ...problem.inputs, ...Object.fromEntries(inputs) } };
}

function changeOf({ kind, draw, axes }: InputFacts): ((input: Float64Tensor) => Float64Array) | undefined {
  if (kind !== 'number') return undefined;
  const hasTokens = axes.includes('m') || axes.includes('n');
  if (draw === 'log-decay') return ({ data }) => Float64Array.from(data, (x) => -rateOf(x));
  if (draw === 'non-negative' && !hasTokens) return ({ data }) => Float64Array.from(data, rateOf);
  if (!hasTokens || axes.at(-1) === 'm' || axes.at(-1) === 'n' || !channelDraws.includes(draw)) return undefined;
  return draw === 'direction' ? (input) => ofLengthOne(alike(input), channelsOf(input)) : alike;
}

function rateOf(x: number): number {
  return decay.least + decay.more * (1 - Math.exp(-Math.abs(x)));
}

function channelsOf({ shape }: Float64Tensor): number {
  return shape[shape.length - 1];
}

/** Channels of 1 and −1 by turns: their mean is 0, so that a normalisation keeps them. */
function alike(input: Float64Tensor): Float64Array {
  const channels = channelsOf(input);
  return Float64Array.from(input.data, (x, at) => ((at % channels) % 2 === 0 ? 1 : -1) + difference * x);
}

function ofLengthOne(data: Float64Array, channels: number): Float64Array {
  for (let from = 0; from < data.length; from += channels) {
    const row = data.subarray(from, from + channels);
    const length = Math.hypot(...row);
    for (let at = 0; at < channels; at++) row[at] /= length;
  }
  return data;
}
