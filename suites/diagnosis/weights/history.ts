import type { HistoryCase } from '../../../generators/history/inputs.js';
import { isPaged } from '../../../generators/history/pages.js';
import { play } from '../../../generators/history/play.js';
import { fillOf } from '../../../generators/values/poison.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { RowWeights } from './describe.js';

const LOST = 2 ** -8;

/** Splits weights of a history's tokens into keys and others. @param dtype of the cached values. */
export function rowsOfHistory(rows: readonly RowWeights[], c: HistoryCase, dtype: DType, areShares: boolean): RowWeights[] {
  const sequences = play(c.history).entries.map(({ sequence }) => sequence);
  const own = isPaged(c) && areShares ? rows.map((row) => withoutEmptySlots(row, fillOf(dtype))) : rows;
  return own.map((row, at) => ofSequence(row, sequences, Math.floor((at * c.dims.b) / rows.length)));
}

/** Reads a common excess above 1 as the weight of empty slots, which hold `fill`. */
function withoutEmptySlots({ name, ...weights }: RowWeights, fill: number): RowWeights {
  const { expected, limit, actual } = weights;
  const added = Math.min(...actual);
  if (!(added > 1)) return { name, ...weights };
  const strangers = [{ name: 'a slot without a token', limit: 0, actual: added / fill }];
  const lost = added * LOST;
  return { name, expected, limit: limit.map((x) => x + lost), actual: actual.map((x) => x - added), strangers };
}

function ofSequence({ name, strangers = [], ...weights }: RowWeights, sequences: readonly Int32Array[], entry: number): RowWeights {
  const { expected, limit, actual } = weights;
  const keys = sequences[entry];
  const others = [...expected.keys()].filter((token) => !keys.includes(token));
  const ofKeys = (numbers: Float64Array) => Float64Array.from(keys, (token) => numbers[token]);
  return {
    name,
    expected: ofKeys(expected),
    limit: ofKeys(limit),
    actual: ofKeys(actual),
    strangers: [
      ...strangers,
      ...others.map((token) => ({ name: strangerOf(token, sequences), limit: limit[token], actual: actual[token] })),
    ],
  };
}

function strangerOf(token: number, sequences: readonly Int32Array[]): string {
  const entry = sequences.findIndex((keys) => keys.includes(token));
  return entry < 0
    ? `token ${token} of the history, which no sequence of the call has`
    : `key ${sequences[entry].indexOf(token)} of batch entry ${entry}`;
}
