import { codesOf } from '../../tensor/code-format.js';
import { codeFormats, formatOf, nibbleOf } from '../lib/codes.js';
import { type Primitive, TermError } from '../primitive.js';

/** Exact numbers of codes, without gradient; `part` selects one of two codes in a byte. */
export const decode: Primitive = {
  name: 'decode',
  parameters: [{ name: 'x', kind: 'code' }],
  attributes: { format: { kind: 'choice', choices: codeFormats }, part: { kind: 'choice', choices: ['low', 'high'] } },
  shape({ operands: { x }, attributes }) {
    const format = formatOf(attributes);
    if (x.format !== format) throw new TermError(`found codes of ${x.format}, but "format" is ${format}`);
    if ((x.packed === true) !== (attributes.part !== undefined))
      throw new TermError(
        x.packed ? 'a byte holds two codes: say which with "part", low or high' : 'each code has its own byte: leave out "part"',
      );
    return { kind: 'number', axes: x.axes };
  },
  value({ operands: { x }, attributes }) {
    const codes = codesOf(formatOf(attributes));
    return { value: x.value.map((byte) => codes.decode(nibbleOf(byte, attributes.part))) };
  },
  bound({ operands: { x }, attributes }) {
    const codes = codesOf(formatOf(attributes));
    return x.bound?.map((places, i) => (places === 0 ? 0 : codes.reach(x.value[i], places)));
  },
  gradient: () => ({}),
};
