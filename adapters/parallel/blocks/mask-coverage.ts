import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { Coverage } from '../../../spec/mask/views/coverage.js';
import type { Positions } from '../../../spec/positions.js';
import type { HeadRange } from './local-attention.js';

type Places = readonly Positions[];

/** Coverages of a mask, by identity of the positions and by their text. */
interface Known {
  readonly byPlaces: WeakMap<Places, Map<string, Coverage>>;
  readonly byText: Map<string, Coverage>;
  readonly runs: Int32Array;
}

const known = new WeakMap<CompiledMask, Known>();

/** Returns the number of queries at these positions that see each key, cached by mask. */
export function coverageOf(mask: CompiledMask, queries: Places, heads?: HeadRange): Coverage {
  const { byPlaces, byText, runs } = getOr(known, mask, () => ({
    byPlaces: new WeakMap(),
    byText: new Map(),
    runs: new Int32Array(mask.n + 2),
  }));
  const range = { first: heads?.first ?? 0, count: heads ? heads.keyHeads * heads.group : mask.heads };
  const which = `${mask.perHead ? range.first : ''} ${range.count}`;
  const ofPlaces = getOr(byPlaces, queries, () => new Map<string, Coverage>());
  return getOr(ofPlaces, which, () => getOr(byText, `${which}: ${textOf(queries)}`, () => Coverage.of(mask, queries, range, runs)));
}

function textOf(segments: Places): string {
  return segments.map(({ start, length, stride }) => `${start}+${length}·${stride}`).join();
}

function getOr<K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
