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
          `found "${repeats}": of an index drawn as "padded" or "beyond" alone; leave it out`,
        );
      const options = Object.keys(operator.options ?? {});
      if (!options.includes(repeats))
        throw new DocumentError(document, `${path}.repeats`, `found "${repeats}", which is no option; ${nearestNames(repeats, options)}`);
    }
    if (kind !== 'index') {
      if (of !== undefined) throw new DocumentError(document, `${path}.of`, `found "${of}": of an index alone; give it the kind "index"`);
      if (drawsWithNone.has(draw))
        throw new DocumentError(document, `${path}.draw`, `found "${draw}", which is of an index; give it the kind "index"`);
      continue;
    }
    if (of === undefined) throw new DocumentError(document, path, 'is an index; say into which axis it points, such as "of": "n"');
    if (!axes.includes(of)) throw new DocumentError(document, `${path}.of`, `found "${of}", which is no axis; ${nearestNames(of, axes)}`);
    if (!drawsOfIndices.has(draw))
      throw new DocumentError(
        document,
        `${path}.draw`,
        `found "${draw}", which is of numbers; for an index allowed: padded, beyond, once, tree, sorted, or none`,
      );
    if (draw === 'tree' && of !== own.at(-1))
      throw new DocumentError(
        document,
        `${path}.of`,
        `found "${of}", must be the last axis of ${name}, "${own.at(-1)}": a parent is a node before its own`,
      );
  }
}
