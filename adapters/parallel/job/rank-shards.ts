import { axesOf } from '../../../spec/operator/facts.js';
import { axesInLayout } from '../../../spec/operator/layout.js';
import { lengthOf, type Positions, placesOf } from '../../../spec/positions.js';
import { allocate, type TensorData } from '../../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { putRows } from '../collectives/shards.js';
import { ownerName, withRanks } from './rank-outputs.js';

/** Outputs of a rank, sharded along some axes, with the rank's positions on each axis. */
export interface RankShard {
  readonly outputs: Tensors;
  readonly places: Readonly<Record<string, readonly Positions[]>>;
}

/**
 * Joins the shards of all ranks, along the first sharded axis of each tensor; adds `owner.AXIS`,
 * i32, the rank of each index. Unsharded tensors are whole on every rank.
 * @throws {RangeError} if an index has no rank or two, or sizes do not fit.
 */
export function fromShards(operator: Operator, c: Case, ranks: readonly RankShard[]): Tensors {
  const owners = new Map(Object.keys(ranks[0].places).map((axis) => [axis, ownersOf(axis, c, ranks)]));
  const named = new Set(ranks.flatMap(({ outputs }) => Object.keys(outputs)));
  const cut: Tensors = {};
  for (const name of named) {
    const axis = axesOf(operator, name)?.find((axis) => owners.has(axis));
    if (axis === undefined) continue;
    const place = axesInLayout(axesOf(operator, name) ?? [], c.layout).indexOf(axis);
    cut[name] = joined(name, axis, place, c.dims[axis], ranks);
  }
  const whole = ({ outputs }: RankShard): Tensors => ({
    ...cut,
    ...Object.fromEntries(Object.entries(outputs).filter(([name]) => !(name in cut))),
  });
  const [first, ...others] = ranks.map(whole);
  const told = [...owners].map(([axis, owner]) => [ownerName(axis), tensor('i32', [owner.length], owner)]);
  return { ...withRanks(first, others), ...Object.fromEntries(told) };
}

function ownersOf(axis: string, { dims }: Case, ranks: readonly RankShard[]): Int32Array {
  const size = dims[axis];
  if (size === undefined) throw new RangeError(`the case has no axis ${axis}; it has ${Object.keys(dims).join(', ')}`);
  const owners = new Int32Array(size).fill(-1);
  for (const [rank, { places }] of ranks.entries()) {
    const own = places[axis];
    if (!own)
      throw new RangeError(
        `the shard of rank 0 is cut along ${Object.keys(ranks[0].places).join(', ')}, but the shard of rank ${rank} is not cut along ${axis}`,
      );
    const beyond = own.find(({ start, length, stride }) => start + (length - 1) * stride >= size);
    if (beyond)
      throw new RangeError(`rank ${rank} has ${axis} = ${beyond.start + (beyond.length - 1) * beyond.stride}, but there are ${size}`);
    for (const place of placesOf(own)) {
      if (owners[place] >= 0) throw new RangeError(`${axis} = ${place} is in the shards of ranks ${owners[place]} and ${rank}`);
      owners[place] = rank;
    }
  }
  const none = owners.indexOf(-1);
  if (none >= 0) throw new RangeError(`${axis} = ${none} is in no rank's shard`);
  return owners;
}

/** Joins a tensor of all ranks. @param place index of the sharded axis. */
function joined(name: string, axis: string, place: number, size: number, ranks: readonly RankShard[]): Tensor {
  let whole: { readonly shape: readonly number[]; readonly data: TensorData; readonly of: Tensor } | undefined;
  for (const [rank, { outputs, places }] of ranks.entries()) {
    const part = outputs[name];
    if (!part) throw new RangeError(`rank ${rank} has no ${name}`);
    const own = lengthOf(places[axis]);
    if (part.shape[place] !== own)
      throw new RangeError(`${name} of rank ${rank} is [${part.shape.join(', ')}], but its shard has ${own} along axis ${axis}`);
    const shape = part.shape.map((length, x) => (x === place ? size : length));
    whole ??= { shape, data: allocate(part.dtype, sizeOf(shape)), of: part };
    if (shape.join() !== whole.shape.join() || part.dtype !== whole.of.dtype)
      throw new RangeError(
        `${name} of rank ${rank} is ${part.dtype} [${part.shape.join(', ')}], but ${name} of rank 0 is ${whole.of.dtype} [${whole.of.shape.join(', ')}]`,
      );
    putRows(whole.data, sizeOf(shape.slice(0, place)), size, sizeOf(shape.slice(place + 1)), contiguousData(part), places[axis]);
  }
  const { of, shape, data } = whole as NonNullable<typeof whole>;
  return tensor(of.dtype, shape, data);
}
