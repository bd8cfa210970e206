import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import type { Operator } from '../types/documents.js';
import { drawsWithNone } from './domain.js';
import { commonAxes, type InputFacts, inputsOf, ownAxes } from './facts.js';

const drawsOfIndices: ReadonlySet<InputFacts['draw']> = new Set([...drawsWithNone, 'normal', 'sorted']);

/** Checks that exactly indices name an axis and have an index's draw. @throws {DocumentError} */
export function checkInputs(operator: Operator, document: string): void {
  const axes = [...commonAxes, ...ownAxes(operator)];
  for (const [name, { kind, of, draw, axes: own, optional, repeats }] of Object.entries(inputsOf(operator))) {
    const path = `$.${optional ? 'optional' : 'inputs'}.${name}`;
    if (repeats !== undefined) {
      if (draw !== 'padded' && draw !== 'beyond')
        throw new DocumentError(
          document,
          `${path}.repeats`,
          `found "${repeats}", which only an index drawn as "padded" or "beyond" may have; leave it out`,
        );
      const options = Object.keys(operator.options ?? {});
      if (!options.includes(repeats))
        throw new DocumentError(
          document,
          `${path}.repeats`,
          `found "${repeats}", which is not an option; ${nearestNames(repeats, options)}`,
        );
    }
    if (kind !== 'index') {
      if (of !== undefined)
        throw new DocumentError(document, `${path}.of`, `found "${of}", which only an index may have; give the input the kind "index"`);
      if (drawsWithNone.has(draw))
        throw new DocumentError(document, `${path}.draw`, `found "${draw}", which only an index may have; give the input the kind "index"`);
      continue;
    }
    if (of === undefined) throw new DocumentError(document, path, 'is an index; name the axis that it points into, such as "of": "n"');
    if (!axes.includes(of))
      throw new DocumentError(document, `${path}.of`, `found "${of}", which is not an axis; ${nearestNames(of, axes)}`);
    if (!drawsOfIndices.has(draw))
      throw new DocumentError(
        document,
        `${path}.draw`,
        `found "${draw}", which is for numbers; allowed for an index: padded, beyond, once, tree, sorted, or none`,
      );
    if (draw === 'tree' && of !== own.at(-1))
      throw new DocumentError(
        document,
        `${path}.of`,
        `found "${of}", must be the last axis of ${name}, "${own.at(-1)}": the parent of a node is an earlier node`,
      );
  }
}
