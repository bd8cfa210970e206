import { DocumentError } from '../lib/documents.js';
import { isLoop, namesGiven } from '../operator/loops.js';
import type { Statement } from '../types/documents.js';
import type { Node } from './graph.js';
import { unroll } from './loops/unroll.js';
import { lowerTerm, type Place } from './lower.js';
import type { Setting } from './setting.js';

/** Adds statements to the graph and to `tensors`. @throws {DocumentError} at the first fault. */
export function lowerStatements(
  setting: Setting,
  statements: readonly Statement[],
  tensors: Map<string, Node>,
  path: string,
  places: readonly Place[] = [],
): void {
  const { graph, document, scores } = setting;
  const scope = { ...setting.scope, tensors, places };
  for (const [i, statement] of statements.entries()) {
    const [name, term, attributes] = statement;
    const at = `${path}[${i}]`;
    if (isLoop(term)) {
      for (const [result, node] of unroll({ setting, name, loop: term, around: tensors, path: `${at}[1]`, places, lower: lowerStatements }))
        tensors.set(result, node);
      continue;
    }
    const node = lowerTerm(graph, scope, term, document, `${at}[1]`);
    if (attributes?.store && node.kind !== 'apply')
      throw new DocumentError(document, `${at}[2].store`, 'only what is computed can be stored');
    // a boolean is no score
    const isScore = scores.has(name) && node.type.kind === 'number';
    const as = attributes?.store === 'always' ? 'layer' : attributes?.store ? 'probabilities' : isScore ? 'scores' : undefined;
    tensors.set(name, as ? graph.stored(node, as) : node);
  }
}

/** Checks that every name of a program is defined once. @throws {DocumentError} */
export function requireOwnNames(program: readonly Statement[], taken: Iterable<string>, path: string, document: string): void {
  const known = new Set(taken);
  for (const given of namesGiven(program, path)) {
    if (known.has(given.name))
      throw new DocumentError(document, given.path, `"${given.name}" is the name of an input or an earlier statement`);
    known.add(given.name);
  }
}
