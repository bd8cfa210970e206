import { rebuild, type Term } from '../../expression/term.js';
import { reads } from './frame.js';

/** A term's operands, with whatever does not depend on j computed once a row, by `prepare`. */
export function hoisted(term: Term): { prepare: () => void; operands: (() => number)[] } {
  const slots: { value: number; readonly compute: () => number }[] = [];
  const operands = term.operands.map((operand) =>
    rebuild(operand, (part) => {
      if (part.operands.length === 0 || part.reads & reads.j) return undefined;
      const slot = { value: 0, compute: part.evaluate };
      slots.push(slot);
      return () => slot.value;
    }),
  );
  const prepare = () => {
    for (const slot of slots) slot.value = slot.compute();
  };
  return { prepare, operands };
}
