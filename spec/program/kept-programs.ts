import { LRUCache } from 'lru-cache';
import { memoised } from '../memoised.js';
import type { Operator } from '../types/documents.js';
import type { Binding, BuiltProgram } from './build.js';
import { type Graph, signatureOf } from './graph.js';
import { TermError } from './primitive.js';
import type { Sizes } from './tensor.js';

/** Nodes of all programs that are kept: some tens of megabytes. */
const MOST_NODES = 2 ** 16;

const programs = new LRUCache<string, BuiltProgram>({
  maxSize: MOST_NODES,
  // a program of many nodes would have others forgotten
  maxEntrySize: MOST_NODES / 8,
  sizeCalculation: ({ graph }) => graph.nodes.length + 1,
});

let operators = 0;
/** A number for each operator, and for each form of its bindings the numbers on which its graphs have been found to depend. */
const knownOf = memoised((_: Operator) => ({ id: operators++, forms: new Map<string, Set<string>>() }));

/**
 * Returns the program that an earlier call built for the operator, if nothing on which it depends has changed: of sizes and options that is
 * often the number of channels alone. Otherwise builds it.
 * @param purpose text that two calls share only if they build the same from the same binding.
 * @throws {DocumentError} when the program is faulty or does not fit the binding.
 */
export function keptProgram<Program extends BuiltProgram>(
  operator: Operator,
  binding: Binding,
  purpose: string,
  build: (binding: Binding) => Program,
): Program {
  const { id, forms } = knownOf(operator);
  const form = `${id} ${purpose} ${formOf(binding)}`;
  const reads = forms.get(form) ?? new Set<string>();
  forms.set(form, reads);
  const kept = programs.get(form + valuesOf(reads, binding));
  if (kept && fits(kept.graph, binding.sizes)) return kept as Program;
  const built = build({ ...binding, onRead: (name) => reads.add(name) });
  // after the build, as it may have read more than those before it
  programs.set(form + valuesOf(reads, binding), built);
  return built;
}

/** What decides a graph beside numbers: which tensors and options there are, the tensors' axes, and words. */
function formOf({ tensors, mask, options }: Binding): string {
  let form = `mask:${mask?.join()}`;
  for (const name in tensors) form += ` ${name}:${tensors[name].join()}`;
  for (const name in options) form += typeof options[name] === 'number' ? ` ${name}` : ` ${name}=${options[name]}`;
  return form;
}

function valuesOf(names: Iterable<string>, { sizes, options }: Binding): string {
  let values = '';
  for (const name of names) {
    const value = (name.startsWith('#') ? sizes : options)[name.slice(1)];
    // a template has no −0
    values += Object.is(value, -0) ? ' -0' : ` ${value}`;
  }
  return values;
}

/** Tells whether the types of a graph's nodes allow these sizes. Their axes and kinds depend on none. */
function fits({ checkedWithSizes }: Graph, sizes: Sizes): boolean {
  try {
    for (const node of checkedWithSizes) node.primitive.shape(signatureOf(node, sizes));
    return true;
  } catch (error) {
    if (error instanceof TermError) return false;
    throw error;
  }
}
