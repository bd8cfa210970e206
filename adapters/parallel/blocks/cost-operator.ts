import { inputsOf } from '../../../spec/operator/facts.js';
import { shapeOfAxes } from '../../../spec/operator/layout.js';
import { shapeOnly, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { RankContext } from '../program.js';
import type { Chunk, ChunkGradients } from './chunk-attention.js';
import { productFlops } from './chunk-states.js';
import type { Device } from './cost-attention.js';
import type { WholeProblem } from './local-attention.js';

const none = new Float64Array(0);
const noGradients: ChunkGradients = { dq: none, dk: none, dv: none };

/** Cost model of linear attention inside chunks: two state products forward, five backward. */
export class CostChunk implements Pick<RankContext['chunk'], 'forward' | 'backward'> {
  constructor(private readonly device: Device) {}

  forward({ q, k, v }: Chunk): Promise<Float64Array> {
    const [, , , e] = v.shape;
    return this.device(productFlops(k, e) + productFlops(q, e), 'forward', none);
  }

  backward({ q, k, v }: Chunk, _cotangent: Tensor): Promise<ChunkGradients> {
    const [, , , e] = v.shape;
    return this.device(3 * productFlops(k, e) + 2 * productFlops(q, e), 'backward', noGradients);
  }
}

/** Products with a state [d, e] per token and head: read by the key, written, read by the query. */
const FORWARD = 3;
/** Backward: the states are recomputed, and each product has two gradients. */
const BACKWARD = 3 * FORWARD;

/** Cost model of an operator that carries a state. */
export class CostOperator implements Pick<RankContext['operator'], 'forward' | 'backward' | 'takes'> {
  private readonly operator: Operator;

  constructor(
    private readonly device: Device,
    private readonly whole: WholeProblem,
  ) {
    this.operator = whole.library.operators.get(whole.case.operator) as Operator;
  }

  takes(): boolean {
    return true;
  }

  forward(rows: number, _tensors: Tensors, channels: number = this.whole.case.dims.e): Promise<Tensors> {
    return this.device(FORWARD * this.flops(rows, channels), 'forward', this.shapes(rows, this.operator.outputs, '', channels));
  }

  backward(rows: number, tensors: Tensors): Promise<Tensors> {
    const given = Object.entries(inputsOf(this.operator)).filter(([name, { gradient }]) => gradient && tensors[name]);
    const axes = Object.fromEntries(given.map(([name, facts]) => [name, facts.axes]));
    const { e } = this.whole.case.dims;
    return this.device(BACKWARD * this.flops(rows, e), 'backward', this.shapes(rows, axes, 'd', e));
  }

  private flops(rows: number, e: number): number {
    const { b, hk, g, d } = this.whole.case.dims;
    return 2 * b * hk * g * rows * d * e;
  }

  private shapes(rows: number, axes: Readonly<Record<string, readonly string[]>>, prefix: string, e: number): Tensors {
    const { dims, dtype } = this.whole.case;
    const accumulator = dtype === 'f64' ? 'f64' : 'f32';
    const c = { dims: { ...dims, m: rows, n: rows, e } };
    return Object.fromEntries(Object.entries(axes).map(([name, own]) => [`${prefix}${name}`, shapeOnly(accumulator, shapeOfAxes(own, c))]));
  }
}
