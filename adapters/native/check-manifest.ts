import { DocumentError } from '../../spec/documents.js';
import type { NativeManifest } from '../../spec/types/documents.js';
import { resolveCapabilities } from '../capabilities.js';
import { type Argument, readArguments } from './arguments.js';
import type { CheckedManifest } from './kernel.js';

/**
 * A manifest held to its schema, with its arguments read, and its claims held to them.
 * @throws {DocumentError} at the first fault.
 */
export function checkManifest(manifest: NativeManifest, document: string): CheckedManifest {
  const { capabilities, backward } = manifest;
  const full = inside(document, () => resolveCapabilities(capabilities, document));
  if (full.layouts.includes('thd'))
    throw new DocumentError(document, '$.capabilities.layouts', 'found "thd", allowed for a library: "bhld", "blhd"');
  const forward = readArguments(manifest.arguments, capabilities, 'forward', document, '$.arguments');
  for (const output of full.outputs) requireOutput(forward, output, 'outputs', document, '$.arguments');
  if (!backward) {
    if (full.gradients.length > 0) throw new DocumentError(document, '$', 'capabilities claim gradients, but "backward" is missing');
    return { manifest, forward: { symbol: manifest.symbol, arguments: forward } };
  }
  const args = readArguments(backward.arguments, capabilities, 'backward', document, '$.backward.arguments');
  for (const gradient of full.gradients) {
    if (gradient !== 'dlse') requireOutput(args, `d${gradient}`, 'gradients', document, '$.backward.arguments');
  }
  for (const argument of args) {
    const { kind } = argument;
    if (kind === 'input' && ['o', 'lse'].includes(argument.tensor))
      requireOutput(forward, argument.tensor, 'backward', document, '$.arguments');
  }
  return {
    manifest,
    forward: { symbol: manifest.symbol, arguments: forward },
    backward: { symbol: backward.symbol, arguments: args },
  };
}

/** Its document is the manifest, so that its paths start further out. */
function inside<T>(document: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError(document, error.path.replace(/^\$/, '$.capabilities'), error.problem);
  }
}

function requireOutput(args: readonly Argument[], output: string, why: string, document: string, path: string): void {
  if (args.some((argument) => argument.kind === 'output' && argument.tensor === output)) return;
  const needed = why === 'backward' ? `"backward" reads ${output}` : `capabilities.${why} claim ${output}`;
  throw new DocumentError(document, path, `${needed}, but no argument is a pointer to ${output} that the function writes`);
}
