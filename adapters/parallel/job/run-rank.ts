import { tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { RankContext, RankOutputs, RankResult, SchemeProgram } from '../program.js';

/** Runs one rank of a job: the forward pass, and the backward pass if wanted. */
export async function runRank(program: SchemeProgram, rank: RankContext, backward: boolean): Promise<RankResult> {
  const { comm, attention, shard, dtype, whole } = rank;
  const partial = await program.forward(rank);
  if (partial.parts) return runNamed(program, rank, backward, partial);
  const shape = [...shard.q.shape.slice(0, 3), whole.case.dims.e];
  const o = tensorOf(dtype, shape, partial.o);
  const lse = tensorOf(dtype === 'f64' ? 'f64' : 'f32', shape.slice(0, 3), partial.lse);
  const stored = { o: valuesOf(o), lse: valuesOf(lse) };
  const { area } = attention;
  if (!backward || !program.backward) return { ...stored, area };
  comm.enter('backward');
  attention.area = 0;
  return { ...stored, gradients: await program.backward(rank, { o, lse }), area };
}

async function runNamed(program: SchemeProgram, rank: RankContext, backward: boolean, outputs: RankOutputs): Promise<RankResult> {
  const { comm, attention, dtype } = rank;
  const { area } = attention;
  if (!backward || !program.backward) return { ...outputs, area };
  comm.enter('backward');
  attention.area = 0;
  const none = tensor(dtype, [0]);
  return { ...outputs, gradients: await program.backward(rank, { o: none, lse: none }), area };
}
