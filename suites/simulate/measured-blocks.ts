import type { Bench, Device } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

type Pass = 'forward' | 'backward';

/** Rates on causal blocks, and full ones if timed. @throws {UsageError} without fitting timings. */
export function measuredBlocks(bench: Bench, adapter: string | undefined, passes: readonly Pass[]): Pick<Device, 'flops' | 'blocks'> {
  const id = adapter ?? onlyAdapter(bench);
  const rates = new Map<string, number>();
  for (const { adapter: of, case: c, pass, verdict, flops, latency } of bench.timings) {
    const { m, n } = c.dims;
    if (of !== id || verdict !== 'timed' || !latency || m !== n || !('name' in c.mask)) continue;
    const key = `${c.mask.name} ${pass} ${n}`;
    // the fastest of several heads, sizes and dtypes
    rates.set(key, Math.max(rates.get(key) ?? 0, flops / (latency.p50 / 1000)));
  }
  const tokens = lengthsOf(bench).filter((length) => passes.every((pass) => rates.has(`causal ${pass} ${length}`)));
  const last = tokens[tokens.length - 1];
  if (last === undefined)
    throw new UsageError(
      `--bench: ${id} has no timed ${passes.join(' and ')} of causal attention; attn-cts bench --mask causal,full --length 512,2K,8K --adapter ${id} measures them`,
    );
  const curveOf = (pass: Pass) => {
    const of = (mask: string) => tokens.map((length) => rates.get(`${mask} ${pass} ${length}`));
    const causal = of('causal') as number[];
    return { full: of('full').map((rate, i) => rate ?? causal[i]), causal };
  };
  const own = (pass: Pass) => rates.get(`causal ${pass} ${last}`) as number;
  const backward = passes.includes('backward') ? 'backward' : 'forward';
  return {
    flops: { forward: own('forward'), backward: own(backward) },
    blocks: { tokens, forward: curveOf('forward'), backward: curveOf(backward) },
  };
}

/** @throws {UsageError} for several timed adapters, or for no timing. */
function onlyAdapter({ timings }: Bench): string {
  const timed = [...new Set(timings.filter(({ verdict }) => verdict === 'timed').map(({ adapter }) => adapter))];
  if (timed.length === 1) return timed[0];
  throw new UsageError(`--bench: choose one of its adapters with --adapter: ${timed.join(', ') || 'none was timed'}`);
}

function lengthsOf({ timings }: Bench): number[] {
  return [...new Set(timings.map(({ case: { dims } }) => dims.n))].sort((x, y) => x - y);
}
