import type { Table } from '../../expression/term.js';
import { type Tensor, tensor } from '../../tensor/tensor.js';
import type { MaskTable } from '../../types/documents.js';
import type { MaskProblem } from '../compile/compiled-mask.js';
import type { MaskValues } from '../parameters.js';
import { blockIndex, chooseInAll, chooseInRows, evenEdges, unevenEdges } from './blocks.js';

export interface TableRule {
  readonly rank: 1 | 2;
  /** True if queries and keys both index the table, so that the mask must be square. */
  readonly square: boolean;
  readonly from: readonly Readonly<Record<string, string>>[];
  make(values: MaskValues, problem: MaskProblem): Table;
  send(table: Table, problem: MaskProblem): Tensor;
}

const evenBlocks = { block: 'integer' };
const unevenBlocks = { seed: 'seed', mean: 'integer', min: 'integer' };
const documents = { rank: 1, square: true, from: [{ lengths: 'lengths' }], send: repeated } as const;

const mostBlocks = 2 ** 24;

export const tableRules: Readonly<Record<MaskTable['rule'], TableRule>> = {
  document: { ...documents, make: ({ lists }) => vector(documentIndex(lists.lengths)) },
  'document-start': { ...documents, make: ({ lists }) => vector(documentStart(lists.lengths)) },
  'document-end': { ...documents, make: ({ lists }) => vector(documentEnd(lists.lengths)) },
  lengths: {
    rank: 1,
    square: false,
    from: [{ lengths: 'batch-lengths' }],
    make: ({ lists }) => vector(Int32Array.from(lists.lengths)),
    send: integers,
  },
  blocks: {
    rank: 2,
    square: true,
    from: [
      { ...evenBlocks, seed: 'seed', share: 'share' },
      { ...unevenBlocks, share: 'share' },
    ],
    make: chooseBlocks,
    send: ({ shape, data }) => tensor('bool', [1, 1, ...shape], data as Uint8Array),
  },
  'block-index': {
    rank: 1,
    square: true,
    from: [evenBlocks, unevenBlocks],
    make: (values, problem) => vector(blockIndex(edgesOf(values, problem))),
    send: repeated,
  },
  'block-edges': {
    rank: 1,
    square: true,
    from: [evenBlocks, unevenBlocks],
    make: (values, problem) => vector(edgesOf(values, problem)),
    send: integers,
  },
};

/** Chooses visible blocks. @throws {RangeError} for more than `mostBlocks` cells. */
function chooseBlocks(values: MaskValues, problem: MaskProblem): Table {
  const { seed, share } = values.numbers;
  const blocks = edgesOf(values, problem).length - 1;
  if (blocks * blocks > mostBlocks)
    throw new RangeError(`${blocks} × ${blocks} blocks are more than the ${mostBlocks} that are possible; take larger blocks`);
  return { shape: [blocks, blocks], data: ('block' in values.numbers ? chooseInRows : chooseInAll)(blocks, blocks, share, seed) };
}

function edgesOf({ numbers }: MaskValues, { n }: MaskProblem): Int32Array {
  return 'block' in numbers ? evenEdges(n, numbers.block) : unevenEdges(n, numbers.seed, numbers.mean, numbers.min);
}

function vector(data: Int32Array): Table {
  return { shape: [data.length], data };
}

function integers({ shape, data }: Table): Tensor {
  return tensor('i32', shape, data as Int32Array);
}

/** Repeats a table for every batch entry: [b, length]. */
function repeated({ data }: Table, { b }: MaskProblem): Tensor {
  const all = new Int32Array(b * data.length);
  for (let entry = 0; entry < b; entry++) all.set(data, entry * data.length);
  return tensor('i32', [b, data.length], all);
}

function documentIndex(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (_start, _end, index) => index);
}

function documentStart(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (start) => start);
}

function documentEnd(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (_start, end) => end);
}

function perToken(lengths: readonly number[], value: (start: number, end: number, index: number) => number): Int32Array {
  const tokens = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  let index = 0;
  for (const length of lengths) {
    if (length === 0) continue;
    tokens.fill(value(start, start + length, index++), start, start + length);
    start += length;
  }
  return tokens;
}
