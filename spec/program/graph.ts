import type { Expression } from '../types/documents.js';
import type { Primitive, Signature, StoredAs, TensorType } from './primitive.js';
import type { Sizes } from './tensor.js';

export interface InputNode {
  readonly kind: 'input';
  readonly id: number;
  readonly type: TensorType;
  readonly name: string;
}

export interface ConstantNode {
  readonly kind: 'constant';
  readonly id: number;
  readonly type: TensorType;
  readonly value: number;
}

export interface ApplyNode {
  readonly kind: 'apply';
  readonly id: number;
  readonly type: TensorType;
  readonly primitive: Primitive;
  readonly operands: Readonly<Record<string, Node>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly axes: readonly string[];
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly store?: StoredAs;
  /** Step counts of the surrounding loops, outermost first; absent outside of loops. */
  readonly within?: readonly Expression[];
}

export type Node = InputNode | ConstantNode | ApplyNode;

type Application = Pick<ApplyNode, 'primitive' | 'operands' | 'scalars' | 'axes' | 'attributes' | 'store'>;

/** Types, scalars, axes and attributes of an application. */
export function signatureOf({ operands, scalars, axes, attributes }: Application, sizes: Sizes): Signature {
  const types: Record<string, TensorType> = {};
  for (const name in operands) types[name] = operands[name].type;
  return { operands: types, scalars, axes, attributes, sizes };
}

function keyOf({ primitive, operands, scalars, axes, attributes, store }: Application): string {
  let key = `${primitive.name} ${axes.join()} ${store ?? ''}`;
  for (const name in operands) key += ` ${name}=${operands[name].id}`;
  // JSON has neither infinities nor −0
  for (const name in scalars) key += ` ${Object.is(scalars[name], -0) ? '-0' : scalars[name]}`;
  for (const _ in attributes) return `${key} ${JSON.stringify(attributes)}`;
  return key;
}

/** Program as a graph of typed nodes: equal nodes are shared, operands come first. */
export class Graph {
  readonly nodes: Node[] = [];
  /** State after a step → state before it; for gradients the reverse. */
  readonly steps = new Map<Node, Node>();
  private readonly known = new Map<string, Node>();
  private readonly keys: string[] = [];
  private within: readonly Expression[] = [];

  constructor(readonly sizes: Sizes) {}

  /** Adds nodes of a loop with this step count. */
  inLoop<T>(times: Expression, add: () => T): T {
    const before = this.within;
    this.within = [...before, times];
    try {
      return add();
    } finally {
      this.within = before;
    }
  }

  /** Runs a function and then removes the nodes that it added. */
  tried<T>(add: () => T): T {
    const size = this.nodes.length;
    try {
      return add();
    } finally {
      for (const key of this.keys.splice(size)) this.known.delete(key);
      for (const node of this.steps.keys()) if (node.id >= size) this.steps.delete(node);
      this.nodes.length = size;
    }
  }

  input(name: string, type: TensorType): Node {
    return this.add(`input ${name}`, (id) => ({ kind: 'input', id, type, name }));
  }

  constant(value: number): Node {
    return this.add(`constant ${Object.is(value, -0) ? '-0' : value}`, (id) => ({
      kind: 'constant',
      id,
      type: { kind: 'number', axes: [] },
      value,
    }));
  }

  /** Adds an application of a primitive. @throws {TermError} if the operands do not fit. */
  apply(application: Application): Node {
    const key = keyOf(application);
    const found = this.known.get(key);
    if (found) return found;
    const { primitive, operands, scalars, axes, attributes, store } = application;
    const type = primitive.shape(signatureOf(application, this.sizes));
    const within = this.within.length > 0 ? this.within : undefined;
    return this.add(key, (id) => ({ kind: 'apply', id, type, primitive, operands, scalars, axes, attributes, store, within }));
  }

  /** Node rounded to storage if the numeric profile says so; only for computed, unstored nodes. */
  stored(node: Node, as: StoredAs): Node {
    return node.kind === 'apply' && !node.store ? this.apply({ ...node, store: as }) : node;
  }

  private add(key: string, make: (id: number) => Node): Node {
    let node = this.known.get(key);
    if (!node) {
      node = make(this.nodes.length);
      this.nodes.push(node);
      this.keys.push(key);
      this.known.set(key, node);
    }
    return node;
  }
}
