import type { Adapter, Case } from '../../adapters/adapter.js';
import { adapterOf, Flash, type Head } from './flash.js';

/*
 * The flash kernel with one fault. ATTN_FAULT names it: attn-cts run --adapter ./test/kernels/faulty.ts
 */

class DropDiagonal extends Flash {
  override causal(p: number, j: number): boolean {
    return j < p;
  }
}

class WindowOffByOne extends Flash {
  override window(p: number, j: number, left: number, right: number): boolean {
    return super.window(p, j, left < 0 ? left : left + 1, right);
  }
}

class TiledHeads extends Flash {
  override keyHead(h: number, c: Case): number {
    return h % c.dims.hk;
  }
}

class PaddedScale extends Flash {
  override scale(c: Case): number {
    return Math.fround((c.options.scale as number | undefined) ?? 1 / Math.sqrt(Math.ceil(c.dims.d / 8) * 8));
  }
}

class NoSoftcap extends Flash {
  override cap(): undefined {
    return undefined;
  }
}

class SinkTwice extends Flash {
  override start(head: Head): { top: number; sum: number } {
    const { top, sum } = super.start(head);
    return { top, sum: 2 * sum };
  }
}

class OneTileNotRescaled extends Flash {
  override rescale(alpha: number, tile: number): number {
    return tile === 2 ? 1 : alpha;
  }
}

/** The last tile is read to its end: its missing keys score 0. */
class ZeroScoredTail extends Flash {
  override end(start: number): number {
    return start + this.tile;
  }

  override visible(head: Head, i: number, j: number): boolean {
    return j >= head.c.dims.n || super.visible(head, i, j);
  }

  override score(head: Head, i: number, j: number): number {
    return j >= head.c.dims.n ? 0 : super.score(head, i, j);
  }

  override weigh(acc: Float32Array, p: number, head: Head, j: number): void {
    if (j < head.c.dims.n) super.weigh(acc, p, head, j);
  }
}

class LastKeyDropped extends Flash {
  override visible(head: Head, i: number, j: number): boolean {
    return !(head.c.dims.n === 4096 && j === 4095) && super.visible(head, i, j);
  }
}

class BaseTwoLse extends Flash {
  override lse(top: number, sum: number): number {
    return Math.fround(super.lse(top, sum) / Math.LN2);
  }
}

const half = (x: number) => {
  const a = Math.abs(x);
  if (a < 2 ** -14 || !Number.isFinite(x)) return Math.round(x * 2 ** 24) / 2 ** 24;
  const ulp = 2 ** (Math.floor(Math.log2(a)) - 10);
  return Math.round(x / ulp) * ulp;
};

class HalfAccumulator extends Flash {
  override add(x: number, y: number): number {
    return half(x + y);
  }
}

/** Hidden keys are weighed with zero instead of being left out. */
class LeakedNaN extends Flash {
  override hidden(acc: Float32Array, head: Head, j: number): void {
    this.weigh(acc, 0, head, j);
  }
}

class NoDelta extends Flash {
  override delta(): number {
    return 0;
  }
}

class KeyGradientOff extends Flash {
  override keyGradient(x: number): number {
    return Math.fround(x * 1.01);
  }
}

class FirstMaskForAll extends Flash {
  override batch(): number {
    return 0;
  }
}

type Fault = { readonly title: string; readonly kernel: new () => Flash; readonly dtype?: 'bf16' | 'f16' };

export const faults: Readonly<Record<string, Fault>> = {
  'diagonal-dropped': { title: 'the causal diagonal is hidden', kernel: DropDiagonal },
  'window-off-by-one': { title: 'the window keeps one key too many', kernel: WindowOffByOne },
  'tiled-heads': { title: 'query head h reads key head h mod hk', kernel: TiledHeads },
  'padded-scale': { title: 'the default scale comes from d padded to 8', kernel: PaddedScale },
  'softcap-ignored': { title: 'the softcap is ignored', kernel: NoSoftcap },
  'sink-twice': { title: 'the sink is added twice', kernel: SinkTwice },
  'tile-not-rescaled': { title: 'the third tile does not rescale what came before', kernel: OneTileNotRescaled },
  'tail-kept': { title: 'the tail of the last tile is kept with score 0', kernel: ZeroScoredTail },
  'last-key-dropped': { title: 'the last key is dropped at n = 4096', kernel: LastKeyDropped, dtype: 'bf16' },
  'base-2-lse': { title: 'the LSE is in base 2', kernel: BaseTwoLse },
  'f16-accumulator': { title: 'sums are kept in f16', kernel: HalfAccumulator, dtype: 'f16' },
  'nan-leaks': { title: 'a hidden NaN reaches the output', kernel: LeakedNaN },
  'no-delta': { title: 'the backward pass leaves out rowsum(dO o O)', kernel: NoDelta },
  'dk-off': { title: 'dk is one per cent too large', kernel: KeyGradientOff },
  'mask-batch-stride': { title: 'every batch entry gets the first one’s mask', kernel: FirstMaskForAll },
};

const name = process.env.ATTN_FAULT ?? 'diagonal-dropped';
const fault = faults[name];
if (!fault) throw new Error(`ATTN_FAULT=${name}: known are ${Object.keys(faults).join(', ')}`);

const adapter: Adapter = adapterOf(name, fault.title, new fault.kernel(), [fault.dtype ?? 'f32']);
export default adapter;
