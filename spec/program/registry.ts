import type { Primitive } from './primitive.js';
import { add } from './primitives/add.js';
import { cumsum } from './primitives/cumsum.js';
import { div } from './primitives/div.js';
import { dot } from './primitives/dot.js';
import { elu1 } from './primitives/elu1.js';
import { exp } from './primitives/exp.js';
import { expand } from './primitives/expand.js';
import { index } from './primitives/index-along-axis.js';
import { log } from './primitives/log.js';
import { logsumexp } from './primitives/logsumexp.js';
import { mul } from './primitives/mul.js';
import { position } from './primitives/position.js';
import { positive } from './primitives/positive.js';
import { predicate } from './primitives/predicate.js';
import { scale } from './primitives/scale.js';
import { softmax } from './primitives/softmax.js';
import { sub } from './primitives/sub.js';
import { sum } from './primitives/sum.js';
import { tanh } from './primitives/tanh.js';
import { topk } from './primitives/topk.js';
import { where } from './primitives/where.js';

const all = [
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

/** Every primitive, by the name that programs use. */
export const primitives: ReadonlyMap<string, Primitive> = new Map(all.map((p) => [p.name, p]));
