import { isShapeOnly, shapeOnly, type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { noLse } from '../blocks/linear-chunk.js';
import { type OpenSegmentsOf, openSegments } from '../blocks/open-segment.js';
import { stateChunk } from '../blocks/state-chunk.js';
import type { SchemeProgram } from '../program.js';
import { gradients } from './state-passing.js';

const tags = { state: 0, gradient: 1 };

/**
 * Passes the state and number of one packed segment from rank to rank: the segment that is open
 * after a rank's tokens. The state after a segment is on the rank on which the next segment begins.
 * Backward, gradients of states go the other way.
 */
export function openSegmentPassingProgram(segmentsOf: OpenSegmentsOf = openSegments): SchemeProgram {
  return {
    name: 'open-segment-passing',
    async forward(rank) {
      const { comm, saved } = rank;
      const [chunk, segments] = [stateChunk(rank), segmentsOf(rank)];
      const given = chunk.first ?? chunk.zeros();
      let before = given;
      let open = 0;
      if (comm.rank > 0) {
        const [state, number] = await comm.irecv(comm.rank - 1, tags.state);
        open = isShapeOnly(number) ? 0 : valuesOf(number)[0];
        before = segments.withState(given, open, state);
      }
      saved.state = before;
      saved.open = open;
      const result = await chunk.forward(before);
      const next = segments.after(open);
      if (comm.rank < comm.size - 1)
        await comm.isend(comm.rank + 1, [segments.stateOf(result.state, next), numberOf(next, result.state)], tags.state);
      return { o: noLse, lse: noLse, parts: chunk.withState({ ...result, state: segments.ended(result.state, open) }) };
    },
    async backward(rank) {
      const { comm, saved } = rank;
      const [chunk, segments] = [stateChunk(rank), segmentsOf(rank)];
      const open = saved.open as number;
      const ended = segments.ended(chunk.last as Tensor, open);
      const isLast = comm.rank === comm.size - 1;
      const after = isLast ? ended : segments.withState(ended, segments.after(open), (await comm.irecv(comm.rank + 1, tags.gradient))[0]);
      const result = await chunk.backward(saved.state, after);
      if (comm.rank === 0) return gradients(chunk.withGradient(result));
      await comm.isend(comm.rank - 1, [segments.stateOf(result.state, open)], tags.gradient);
      return gradients(chunk.withGradient({ ...result, state: segments.without(result.state, open) }));
    },
  };
}

function numberOf(segment: number, state: Tensor): Tensor {
  return isShapeOnly(state) ? shapeOnly(state.dtype, [1]) : tensorOf(state.dtype, [1], [segment]);
}

export const programs: readonly SchemeProgram[] = [openSegmentPassingProgram()];
