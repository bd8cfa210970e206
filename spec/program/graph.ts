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
}

export type Node = InputNode | ConstantNode | ApplyNode;

type Application = Pick<ApplyNode, 'primitive' | 'operands' | 'scalars' | 'axes' | 'attributes' | 'store'>;

/** Signature of an application: its operands' types, scalars, axes and attributes. */
export function signatureOf({ operands, scalars, axes, attributes }: Application, sizes: Sizes): Signature {
  const types = Object.fromEntries(Object.entries(operands).map(([name, node]) => [name, node.type]));
  return { operands: types, scalars, axes, attributes, sizes };
}

/** Program as a graph of typed nodes. Equal nodes are added once; operands come before the nodes that use them. */
export class Graph {
  readonly nodes: Node[] = [];
  private readonly known = new Map<string, Node>();

  constructor(readonly sizes: Sizes) {}

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

  /**
   * Adds an application of a primitive.
   * @throws {TermError} when the operands do not fit.
   */
  apply(application: Application): Node {
    const { primitive, operands, scalars, axes, attributes, store } = application;
    const ids = Object.entries(operands).map(([name, node]) => [name, node.id]);
    // as text: JSON has neither infinities nor −0
    const numbers = Object.values(scalars).map((x) => (Object.is(x, -0) ? '-0' : String(x)));
    const key = JSON.stringify([primitive.name, ids, numbers, axes, attributes, store]);
    return (
      this.known.get(key) ??
      this.add(key, (id) => ({ kind: 'apply', id, type: primitive.shape(signatureOf(application, this.sizes)), ...application }))
    );
  }

  /**
   * Returns a node for the same value, rounded to storage when the numeric profile says so. Inputs, constants and nodes that are
   * already stored are returned as they are.
   */
  stored(node: Node, as: StoredAs): Node {
    return node.kind === 'apply' && !node.store ? this.apply({ ...node, store: as }) : node;
  }

  private add(key: string, make: (id: number) => Node): Node {
    let node = this.known.get(key);
    if (!node) {
      node = make(this.nodes.length);
      this.nodes.push(node);
      this.known.set(key, node);
    }
    return node;
  }
}
