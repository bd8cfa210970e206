// Generated from spec/program/primitives by `npm run generate`. Do not edit.
import type { Primitive } from '../primitive.js';
import { add } from './add.js';
import { and } from './and.js';
import { concat } from './concat.js';
import { cos } from './cos.js';
import { cumsum } from './cumsum.js';
import { decode } from './decode.js';
import { div } from './div.js';
import { dot } from './dot.js';
import { elu1 } from './elu1.js';
import { encode } from './encode.js';
import { erf } from './erf.js';
import { exp } from './exp.js';
import { expand } from './expand.js';
import { floor } from './floor.js';
import { gather } from './gather.js';
import { index } from './index-along-axis.js';
import { join } from './join.js';
import { log } from './log.js';
import { logsumexp } from './logsumexp.js';
import { max } from './max.js';
import { mul } from './mul.js';
import { not } from './not.js';
import { or } from './or.js';
import { overlap } from './overlap.js';
import { part } from './part.js';
import { place } from './place.js';
import { position } from './position.js';
import { positive } from './positive.js';
import { predicate } from './predicate.js';
import { rename } from './rename.js';
import { rotate } from './rotate.js';
import { round } from './round.js';
import { scale } from './scale.js';
import { scatter } from './scatter.js';
import { sin } from './sin.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { split } from './split.js';
import { sqrt } from './sqrt.js';
import { stop } from './stop.js';
import { sub } from './sub.js';
import { sum } from './sum.js';
import { tanh } from './tanh.js';
import { topk } from './topk.js';
import { where } from './where.js';
import { window } from './window.js';

/** Every primitive of programs. */
export const allPrimitives: readonly Primitive[] = [
  add,
  and,
  concat,
  cos,
  cumsum,
  decode,
  div,
  dot,
  elu1,
  encode,
  erf,
  exp,
  expand,
  floor,
  gather,
  index,
  join,
  log,
  logsumexp,
  max,
  mul,
  not,
  or,
  overlap,
  part,
  place,
  position,
  positive,
  predicate,
  rename,
  rotate,
  round,
  scale,
  scatter,
  sin,
  slice,
  softmax,
  split,
  sqrt,
  stop,
  sub,
  sum,
  tanh,
  topk,
  where,
  window,
];
