import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { loadSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { forFlag, readTextFor, requireFolder } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { chosenSeed } from '../../plan/chosen-seed.js';
import { profilesNamed } from '../../plan/profile-checks.js';
import { makeVectors, usualClaims, VectorFolder } from '../../vectors/make-vectors.js';
import { defaults } from '../defaults.js';
import { ProgressLine } from '../progress.js';

export interface VectorFlags {
  readonly out: string;
  readonly profile?: string[];
  readonly filter?: string[];
  readonly cases?: number;
  readonly seed?: number | 'random';
  readonly capabilities?: string;
  readonly spec?: string[];
}

/** Runs `attn-cts vectors`. @returns the exit code. */
export async function vectorsAction(flags: VectorFlags): Promise<number> {
  const capabilities = flags.capabilities === undefined ? usualClaims : readCapabilities(flags.capabilities);
  const { library } = loadSpec(flags.spec, new Set(capabilities.operators));
  const seed = chosenSeed(flags.seed ?? defaults.seed);
  const options = {
    library,
    profiles: profilesNamed(library, flags.profile ?? ['training']),
    filter: flags.filter ?? [],
    seed,
    cases: flags.cases ?? 3,
    capabilities,
  };
  requireFolder('--out', dirname(flags.out));
  const folder = forFlag('--out', () => new VectorFolder(flags.out));
  const progress = new ProgressLine(process.stderr);
  try {
    const vectors = await makeVectors(
      options,
      (path, bytes) => forFlag('--out', () => folder.write(path, bytes)),
      (done, total, check) => progress.show(done, total, '', check),
    );
    await forFlag('--out', () => folder.finish(vectors));
    progress.end();
    process.stdout.write(`${vectors.vectors.length} vectors in ${flags.out}, seed ${seed}\n`);
    return exitCodes.passed;
  } finally {
    progress.end();
    await folder.discard();
  }
}

function readCapabilities(file: string): Capabilities {
  if (!existsSync(file)) throw new UsageError(`--capabilities: no such file: ${file}`);
  return parseDocument('capabilities', readTextFor('--capabilities', file), file);
}
