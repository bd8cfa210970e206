import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { RankContext } from '../program.js';
import type { Chunk, ChunkGradients } from './chunk-attention.js';
import { productFlops } from './chunk-states.js';
import type { Device } from './cost-attention.js';

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
