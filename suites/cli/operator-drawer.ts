import { type DrawOperator, pictureTokens } from '../../reports/html/documents.js';
import { weightLevel } from '../../reports/html/picture-levels.js';
import { createLibrary } from '../../spec/library.js';
import { exampleParameters } from '../../spec/mask/example-parameters.js';
import { printMask } from '../../spec/mask/print/print.js';
import type { Mask } from '../../spec/types/documents.js';
import { operatorPicture } from '../documents/picture.js';
import { pictureMask } from '../documents/small-case.js';

/** Draws the weight of each key for each query of an operator, under a mask that suits it. */
export function operatorDrawer(): DrawOperator {
  const library = createLibrary();
  return (operator) => {
    const name = pictureMask(operator);
    const spec = library.masks.get(name);
    const parameters = spec && exampleParameters(spec, undefined, pictureTokens);
    const mask: Mask = { name, ...(parameters && { parameters }) };
    const picture = operatorPicture(library, library.operators.get(operator.name) ?? operator, { mask, tokens: pictureTokens });
    if (!picture) return undefined;
    const { title, rows, columns, cells } = picture;
    return {
      kind: 'weights',
      title: `${title}, mask ${printMask(mask)}`,
      down: 'query',
      across: 'key',
      rows,
      columns,
      of: [rows, columns],
      cells: Array.from(cells, weightLevel).join(''),
    };
  };
}
