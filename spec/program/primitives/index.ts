// Generated from spec/program/primitives by `npm run generate`. Do not edit.
import type { Primitive } from '../primitive.js';
import { elu1, erf, tanh } from './activations.js';
import { add, div, mul, scale, sub } from './arithmetic.js';
import { expand, join, position, rename, split, stop } from './axes.js';
import { concat } from './concat.js';
import { cumsum } from './cumsum.js';
import { decode, encode } from './encode.js';
import { exp, log, sqrt } from './exponentials.js';
import { gather, index, scatter } from './gather-scatter.js';
import { and, not, or, positive } from './logic.js';
import { logsumexp } from './logsumexp.js';
import { max } from './max.js';
import { overlap, part, place, slice, window } from './parts.js';
import { predicate } from './predicate.js';
import { rotate } from './rotate.js';
import { floor, round } from './rounding.js';
import { softmax } from './softmax.js';
import { dot, sum } from './sums.js';
import { topk } from './topk.js';
import { cos, sin } from './waves.js';
import { where } from './where.js';

/** Every primitive of programs. */
export const allPrimitives: readonly Primitive[] = [
  elu1,
  erf,
  tanh,
  div,
  scale,
  mul,
  sub,
  add,
  position,
  stop,
  expand,
  join,
  split,
  rename,
  concat,
  cumsum,
  decode,
  encode,
  sqrt,
  log,
  exp,
  index,
  scatter,
  gather,
  positive,
  not,
  or,
  and,
  logsumexp,
  max,
  overlap,
  window,
  place,
  part,
  slice,
  predicate,
  rotate,
  round,
  floor,
  softmax,
  dot,
  sum,
  topk,
  cos,
  sin,
  where,
];
