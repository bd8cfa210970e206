import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { hashText } from '../../generators/lib/seeds.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { checkDocument } from '../../spec/lib/documents.js';
import { versionsOf } from '../../spec/library.js';
import { plainOperator } from '../../spec/operators/plain.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Capabilities, Profile, Vectors } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { UsageError } from '../lib/usage-error.js';
import { version } from '../lib/version.js';
import { matchedChecks, planChecks } from '../plan/plan.js';
import { propertyNamed } from '../properties/index.js';
import { CaseStream } from '../runner/run/case-stream.js';
import { vectorParts } from './vector.js';

const index = 'index.json';

/** Folder of vectors that appears whole or not at all. */
export class VectorFolder {
  private readonly aside: string;

  /** @throws {UsageError} if the folder holds other files. */
  constructor(private readonly folder: string) {
    if (existsSync(folder) && !readdirSync(folder).every((name) => [index, 'vectors'].includes(name)))
      throw new UsageError(`--out: "${folder}" holds other files than vectors; name a new or empty folder`);
    this.aside = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  }

  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    const file = join(this.aside, path);
    makeFolder(dirname(file));
    await writeFile(file, bytes);
  }

  /** Renames the finished folder. @throws {DocumentError} if the index breaks its schema. */
  async finish(vectors: Vectors): Promise<void> {
    checkDocument('vectors', vectors, index);
    await this.write(index, `${JSON.stringify(vectors, null, 2)}\n`);
    await rm(this.folder, { recursive: true, force: true });
    makeFolder(dirname(this.folder));
    await rename(this.aside, this.folder);
  }

  async discard(): Promise<void> {
    await rm(this.aside, { recursive: true, force: true });
  }
}

/** Default capabilities of vectors: softmax attention in float32, with any mask as a tensor. */
export const usualClaims: Capabilities = {
  dtypes: ['f32'],
  operators: [plainOperator.name],
  masks: ['full'],
  denseMask: 'boolean',
  options: ['scale', 'softcap', 'sink'],
  outputs: ['o', 'lse'],
  gradients: true,
};

export interface VectorOptions {
  readonly library: SpecLibrary;
  readonly profiles: readonly Profile[];
  readonly filter: readonly string[];
  readonly seed: number;
  /** Cases per check; four times as many for `+all`. */
  readonly cases: number;
  /** Capabilities that a tested kernel must have; the numeric profile sets the bounds. */
  readonly capabilities: Capabilities;
}

type Vector = Vectors['vectors'][number];

/** Properties that need only one call and its expected outputs. */
const exported = ['oracle', 'gradient'];

/** Vectors from the first cases of a run. @throws {UsageError} without a matching check. */
export async function makeVectors(
  options: VectorOptions,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
  progress: (done: number, total: number, check: string) => void,
): Promise<Vectors> {
  const { library, capabilities: declared, seed } = options;
  const claims = Claims.of(library, resolveCapabilities(declared, 'the capabilities'));
  const checks = checksOf(options, claims);
  const vectors: Vector[] = [];
  for (const [at, check] of checks.entries()) {
    progress(at, checks.length, check.id);
    const property = propertyNamed(check.property) as Property;
    // small cases: a folder of vectors would be mostly made of those of production sizes
    const stream = new CaseStream(
      caseArbitrary(claims, { ...check.request, speed: undefined }),
      hashText(seed, check.id),
      property,
      claims,
    );
    for (let index = 0; index < check.cases - check.floors; index++) {
      const drawn = stream.draw(index);
      if (!drawn) continue;
      const [call] = drawn.calls;
      const file = `vectors/${vectors.length}.safetensors`;
      const bytes = Buffer.concat(vectorParts(claims, call, true));
      await write(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      vectors.push({ check: check.id, case: call.case, pass: call.command, file, sha256 });
    }
  }
  return { format: 1, suite: version, spec: versionsOf(library), seed, capabilities: declared, vectors };
}

function checksOf({ profiles, filter, cases }: VectorOptions, claims: Claims): Check[] {
  const plan = (filters: readonly string[]) =>
    planChecks(profiles, { id: 'vectors', claims }, { runs: cases, filter: filters }).filter(
      (check) => check.unsupported === undefined && exported.includes(check.property),
    );
  const checks = matchedChecks(filter, plan);
  if (checks.length === 0) throw new UsageError(`there are no checks of ${exported.join(' or ')} in these profiles for what is claimed`);
  return checks;
}
