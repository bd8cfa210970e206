import type { ApplyNode, Graph, Node } from '../graph.js';
import type { Application, Evaluated } from '../primitive.js';
import { copyOf, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, type Sizes, union, without } from '../tensor.js';
import { boxed, columnsOf, type Ellipsoid, imageOf, reachOf, widthsOf, withRest } from './ellipsoid.js';
import { type Pair, pairsOf } from './pairs.js';

// Bounds by element grow with the norm of |I − βkkᵀ| per step, which exceeds 1 even if that of I −
// βkkᵀ does not. So a state's error E is also followed as a whole: a tensor computed from the state
// has error A·E + r, with a known A and |r| bounded by element.
// - state: A is the identity and r = 0;
// - primitive linear in x: applied to A. The bound for an operand of error r covers x and r, the
// bound for an exact operand |A·E| covers the rest of x. The rules of NUMERICS.md are subadditive
// in operand sizes, so their sum bounds the whole;
// - after a step: the ellipsoid of E becomes that of A·E + r.
// The smaller one of this bound and the primitive's bound counts.

/** Error of a tensor by a state's error: A·E + r. */
interface Carried {
  readonly error: Ellipsoid;
  readonly coefficient: ProgramTensor;
  readonly reach: ProgramTensor;
  readonly rest: Float64Array;
}

/** Most elements of a coefficient; a tensor with more keeps its primitive's bound. */
const MOST = 2 ** 18;

/** Errors of loop states, followed from step to step. */
export class CarriedErrors {
  private readonly sizes: Sizes;
  private readonly begin = new Map<Node, Pair>();
  private readonly end = new Map<Node, Pair>();
  private readonly carried = new WeakMap<ProgramTensor, Carried>();

  constructor(graph: Graph) {
    const pairs = pairsOf(graph);
    for (const pair of pairs) {
      this.begin.set(pair.from, pair);
      this.end.set(pair.to, pair);
    }
    const columns = [...new Set(pairs.map(({ axis }) => axis))].map((axis) => [columnsOf(axis), graph.sizes[axis]]);
    this.sizes = { ...graph.sizes, ...Object.fromEntries(columns) };
  }

  /** Error through an application, for `keep`; undefined unless it depends on one state's error. */
  follow(node: ApplyNode, application: Application): Following | undefined {
    if (this.begin.size === 0 || node.store) return undefined;
    const known = Object.entries(application.operands).flatMap(([name, operand]) => {
      const carried = this.carried.get(operand);
      return carried ? [[name, carried] as const] : [];
    });
    if (known.length === 0 || known.some(([, { error }]) => error !== known[0][1].error)) return undefined;
    // the sum would mix independent errors along this axis
    const { error } = known[0][1];
    if (application.axes.some((axis) => error.others.includes(axis)) && node.primitive.name !== 'expand') return undefined;
    const coefficient = this.coefficientOf(
      node,
      application,
      Object.fromEntries(known.map(([name, { coefficient }]) => [name, coefficient])),
    );
    if (!coefficient || elements(coefficient.axes, this.sizes) > MOST) return undefined;
    return new Following(node, application, this.sizes, error, coefficient, new Map(known), this.end.has(node));
  }

  /** Keeps the error of a computed tensor; a state starts a new error. */
  keep(node: Node, t: ProgramTensor, following: Following | undefined): void {
    if (this.begin.size === 0) return;
    const next = this.begin.get(node);
    if (!next) {
      if (following) this.carried.set(t, following.carried);
      return;
    }
    const error = this.errorAt(t, next, following);
    if (!error) return;
    const own = { coefficient: identity(next.axis, this.sizes), reach: widthsOf(error, this.sizes) };
    this.carried.set(t, { error, ...own, rest: floats(t.value.length) });
  }

  private errorAt(t: ProgramTensor, { axis }: Pair, following: Following | undefined): Ellipsoid | undefined {
    const image = following?.image;
    if (following && image?.axis === axis && isDecided(following.carried.rest))
      return withRest(image, following.carried.rest, t.axes, this.sizes);
    return isDecided(t.bound) ? boxed(t.bound, t.axes, axis, [], this.sizes) : undefined;
  }

  private coefficientOf(
    { primitive }: ApplyNode,
    application: Application,
    known: Readonly<Record<string, ProgramTensor>>,
  ): ProgramTensor | undefined {
    const { operands, axes } = application;
    const apply = (values: Readonly<Record<string, ProgramTensor>>, of: readonly string[]) => {
      const out = { kind: 'number', axes: of } as const;
      const { value } = primitive.value({ ...application, operands: values, out, sizes: this.sizes });
      return { axes: of, value };
    };
    switch (primitive.name) {
      case 'scale':
        return apply({ x: known.x }, known.x.axes);
      case 'expand':
        return known.x;
      case 'sum':
        return axes.every((axis) => known.x.axes.includes(axis)) ? apply({ x: known.x }, without(known.x.axes, axes)) : undefined;
      case 'mul':
      case 'dot': {
        const [name, other] = known.x ? ['x', 'y'] : ['y', 'x'];
        if (known[other] || operands[name].softmax || operands[other].softmax) return undefined;
        const own = known[name];
        if (!axes.every((axis) => own.axes.includes(axis))) return undefined;
        return apply({ [name]: own, [other]: operands[other] }, without(union(own.axes, operands[other].axes), axes));
      }
      case 'add':
      case 'sub':
        if (known.x && known.y) return apply(known, union(known.x.axes, known.y.axes));
        return known.x ?? (primitive.name === 'add' ? known.y : { ...known.y, value: known.y.value.map((x) => -x) });
      default:
        return undefined;
    }
  }
}

/** Error A·E + r of one application. */
export class Following {
  readonly image: Ellipsoid | undefined;
  private made: Carried | undefined;

  constructor(
    private readonly node: ApplyNode,
    private readonly application: Application,
    private readonly sizes: Sizes,
    private readonly error: Ellipsoid,
    private readonly coefficient: ProgramTensor,
    private readonly operands: ReadonlyMap<string, Carried>,
    isEnd: boolean,
  ) {
    this.image = isEnd && coefficient.axes.includes(error.axis) ? imageOf(error, coefficient, sizes) : undefined;
  }

  get carried(): Carried {
    return this.made as Carried;
  }

  bounded(result: Evaluated, own: Float64Array | undefined): Float64Array | undefined {
    const { error, coefficient } = this;
    const [rest, reach] = [this.restOf(result), this.reach()];
    this.made = { error, coefficient, reach, rest };
    if (!own) return own;
    const at = offsets(reach.axes, this.application.out.axes, this.sizes);
    const bound = copyOf(own);
    for (let i = 0; i < bound.length; i++) {
      const whole = reach.value[at[i]] + rest[i];
      if (whole < bound[i]) bound[i] = whole;
    }
    return bound;
  }

  /** Bounds |A·E|; for elementwise products faster, from the operand's bound. */
  private reach(): ProgramTensor {
    if (this.image) return widthsOf(this.image, this.sizes);
    const [[name, { reach }]] = this.operands;
    const { application } = this;
    const { primitive, scalars } = this.node;
    if (primitive.name === 'scale') return { ...reach, value: reach.value.map((x) => Math.abs(scalars.c) * x) };
    if (primitive.name !== 'mul') return reachOf(this.error, this.coefficient, this.sizes);
    const other = application.operands[name === 'x' ? 'y' : 'x'];
    const axes = union(reach.axes, other.axes);
    const [own, factors] = [reach, other].map((t) => offsets(t.axes, axes, this.sizes));
    const value = Float64Array.from(own, (at, i) => reach.value[at] * Math.abs(other.value[factors[i]]));
    return { axes, value };
  }

  /** Bounds r: the primitive's bound of the operands' r, plus roundings of |A·E|. */
  private restOf(result: Evaluated): Float64Array {
    const { application } = this;
    const { primitive } = this.node;
    const taken: Record<string, ProgramTensor> = { ...application.operands };
    const reached: Record<string, ProgramTensor> = { ...application.operands };
    for (const [name, { reach, rest }] of this.operands) {
      taken[name] = { ...application.operands[name], bound: rest };
      reached[name] = reach;
    }
    const first = primitive.bound({ ...application, operands: taken }, result) ?? floats(result.value.length);
    const second = this.roundingsOf(reached, result.value.length);
    const { a } = application.profile;
    return first.map((e, i) => (e + second[i]) * (1 + 4 * a));
  }

  /** Bounds the part of r that comes from |A·E|: roundings, and errors of the other operand. */
  private roundingsOf(reached: Readonly<Record<string, ProgramTensor>>, size: number): Float64Array {
    const { application } = this;
    const { primitive } = this.node;
    if (primitive.name === 'add' || primitive.name === 'sub') {
      const { a } = application.profile;
      const out = floats(size);
      for (const name of this.operands.keys()) {
        const at = offsets(reached[name].axes, application.out.axes, this.sizes);
        for (let i = 0; i < size; i++) out[i] += a * reached[name].value[at[i]];
      }
      return out;
    }
    const made = { ...application, operands: reached };
    return primitive.bound(made, primitive.value(made)) ?? floats(size);
  }
}

function isDecided(bound: Float64Array | undefined): boolean {
  return !bound?.some((e) => !(e < Infinity));
}

function identity(axis: string, sizes: Sizes): ProgramTensor {
  const d = sizes[axis];
  const value = floats(d * d);
  for (let i = 0; i < d; i++) value[i * d + i] = 1;
  return { axes: [axis, columnsOf(axis)], value };
}
