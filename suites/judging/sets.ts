import { shapeOfAxes } from '../../spec/operator/layout.js';
import type { Expected } from '../../spec/problem.js';
import { sizeOf, type Tensor, tensor, valuesOf } from '../../spec/tensor/tensor.js';
import type { Case, SetOutput } from '../../spec/types/documents.js';
import type { FailJudgement } from '../contract/property.js';
import { unravel } from './compared.js';

/** Shape of a set output: slots in place of the last axis. */
export function slotShape(axes: readonly string[], { slots }: SetOutput, c: Case): number[] {
  return shapeOfAxes([...axes.slice(0, -1), slots], c);
}

/** Fails an index that is out of range or repeated in its row; −1 marks an unused slot. */
export function wrongPlace(output: string, t: Tensor, places: number): FailJudgement | undefined {
  const given = valuesOf(t);
  const slots = t.shape[t.shape.length - 1];
  const last = new Int32Array(places).fill(-1);
  for (let at = 0; at < given.length; at++) {
    const [place, row] = [given[at], Math.floor(at / slots)];
    const where = `${output}[${unravel(at, t.shape).join(', ')}]`;
    if (place === -1) continue;
    if (!(place >= 0 && place < places))
      return { ...wrong(output, at, t), actual: place, message: `${where} is ${place}, must be an index below ${places}, or -1` };
    if (last[place] === row) return { ...wrong(output, at, t), actual: place, message: `${where} is ${place}, which this row already has` };
    last[place] = row;
  }
  return undefined;
}

function wrong(output: string, at: number, { shape }: Tensor) {
  return { status: 'fail', class: 'value', output, index: unravel(at, shape) } as const;
}

/** Turns a set into 1 for members and 0 elsewhere. @param places size of the axis of members. */
export function membership(t: Tensor, places: number): Tensor {
  const given = valuesOf(t);
  const rows = t.shape.slice(0, -1);
  const slots = t.shape[t.shape.length - 1];
  const data = new Float32Array(sizeOf(rows) * places);
  for (let at = 0; at < given.length; at++) if (given[at] >= 0) data[Math.floor(at / slots) * places + given[at]] = 1;
  return tensor('f32', [...rows, places], data);
}

/** Fails a set with fewer members than slots, unless it has all possible ones. Ties are free. */
export function wrongCount(output: string, actual: Tensor, { value, bound, shape }: Expected, slots: number): FailJudgement | undefined {
  const given = valuesOf(actual);
  const places = shape[shape.length - 1];
  for (let start = 0; start < value.length; start += places) {
    let [chosen, possible] = [0, 0];
    for (let at = start; at < start + places; at++) {
      chosen += given[at];
      if (value[at] !== 0 || bound[at] > 0) possible++;
    }
    const needed = Math.min(slots, possible);
    if (chosen === needed) continue;
    const index = unravel(start, shape).slice(0, -1);
    return {
      ...{ status: 'fail', class: 'value', output, index, expected: needed, actual: chosen },
      message: `${output}[${index.join(', ')}] has ${chosen} indices, must have ${needed}`,
    };
  }
  return undefined;
}
