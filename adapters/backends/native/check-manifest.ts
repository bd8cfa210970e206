import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { NativeManifest, Operator } from '../../../spec/types/documents.js';
import { checkClaimedNames, claimedGradients, claimedOperators, type KnownOperators } from '../manifest/tensors.js';
import { type Argument, readArguments } from './arguments.js';
import type { CheckedManifest } from './kernel.js';
import { outputNames } from './names.js';

/** Checks a manifest and its claims. @throws {DocumentError} at the first fault. */
export function checkManifest(manifest: NativeManifest, document: string, known?: KnownOperators): CheckedManifest {
  const { capabilities, backward } = manifest;
  const full = inside(document, () => resolveCapabilities(capabilities, document));
  const operators = claimedOperators(capabilities, known);
  checkClaimedNames(capabilities, operators, document);
  const forward = readArguments(manifest.arguments, capabilities, operators, 'forward', document, '$.arguments');
  if (full.layouts.includes('thd')) requireDocuments(forward, document, '$.arguments');
  for (const output of full.outputs) requireOutput(forward, output, 'outputs', document, '$.arguments');
  const paged = readPaged(manifest, full, operators, document);
  if (!backward) {
    if (full.gradients.length > 0) throw new DocumentError(document, '$', 'capabilities claim gradients, but "backward" is missing');
    return { manifest, operators, forward: { symbol: manifest.symbol, arguments: forward }, ...paged };
  }
  const args = readArguments(backward.arguments, capabilities, operators, 'backward', document, '$.backward.arguments');
  if (full.layouts.includes('thd')) requireDocuments(args, document, '$.backward.arguments');
  for (const gradient of claimedGradients(full, operators)) requireOutput(args, gradient, 'gradients', document, '$.backward.arguments');
  for (const argument of args) {
    const { kind } = argument;
    if (kind === 'input' && outputNames('forward', operators).includes(argument.tensor))
      requireOutput(forward, argument.tensor, 'backward', document, '$.arguments');
  }
  return {
    manifest,
    operators,
    forward: { symbol: manifest.symbol, arguments: forward },
    backward: { symbol: backward.symbol, arguments: args },
    ...paged,
  };
}

/** Reads the function for paged calls; requires outputs for pages if append is claimed. */
function readPaged(
  { paged, capabilities }: NativeManifest,
  full: FullCapabilities,
  operators: readonly Operator[],
  document: string,
): Pick<CheckedManifest, 'paged'> {
  if (!full.pages) return {};
  if (!paged) throw new DocumentError(document, '$', 'capabilities claim pages, but "paged" is missing');
  const path = '$.paged.arguments';
  const args = readArguments(paged.arguments, capabilities, operators, 'paged', document, path);
  for (const output of [...full.outputs, ...(full.pages.append ? ['k_pages', 'v_pages'] : [])]) {
    requireOutput(args, output, output.endsWith('_pages') ? 'pages.append' : 'outputs', document, path);
  }
  for (const table of ['block_table', 'cache_lengths']) {
    if (args.some((argument) => argument.kind === 'input' && argument.tensor === table)) continue;
    throw new DocumentError(document, path, `capabilities claim pages, but no argument is a pointer to ${table}`);
  }
  return { paged: { symbol: paged.symbol, arguments: args } };
}

/** Runs `work` with error paths that start in the manifest. */
function inside<T>(document: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError(document, error.path.replace(/^\$/, '$.capabilities'), error.problem);
  }
}

/** Requires pointers to cu_q and cu_k, which separate the documents of a packed sequence. */
function requireDocuments(args: readonly Argument[], document: string, path: string): void {
  for (const bounds of ['cu_q', 'cu_k']) {
    if (args.some((argument) => argument.kind === 'input' && argument.tensor === bounds)) continue;
    throw new DocumentError(document, path, `capabilities.layouts claim "thd", but no argument is a pointer to ${bounds}`);
  }
}

function requireOutput(args: readonly Argument[], output: string, why: string, document: string, path: string): void {
  if (args.some((argument) => argument.kind === 'output' && argument.tensor === output)) return;
  const needed = why === 'backward' ? `"backward" reads ${output}` : `capabilities.${why} claim ${output}`;
  throw new DocumentError(document, path, `${needed}, but no argument is a pointer to ${output} that the function writes`);
}
