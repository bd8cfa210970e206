// Generated from spec/program/primitives by `npm run generate`. Do not edit.
import type { Primitive } from '../primitive.js';
import { add } from './add.js';
import { cumsum } from './cumsum.js';
import { div } from './div.js';
import { dot } from './dot.js';
import { elu1 } from './elu1.js';
import { exp } from './exp.js';
import { expand } from './expand.js';
import { index } from './index-along-axis.js';
import { log } from './log.js';
import { logsumexp } from './logsumexp.js';
import { mul } from './mul.js';
import { position } from './position.js';
import { positive } from './positive.js';
import { predicate } from './predicate.js';
import { scale } from './scale.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';
import { sum } from './sum.js';
import { tanh } from './tanh.js';
import { topk } from './topk.js';
import { where } from './where.js';

/** Every primitive of programs. */
export const allPrimitives: readonly Primitive[] = [
  add,
  cumsum,
  div,
  dot,
  elu1,
  exp,
  expand,
  index,
  log,
  logsumexp,
  mul,
  position,
  positive,
  predicate,
  scale,
  softmax,
  sub,
  sum,
  tanh,
  topk,
  where,
];
