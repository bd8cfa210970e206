import { checkCluster } from './cluster/check.js';
import { clusterDocuments } from './clusters/index.js';
import { checkLengthDistribution, checkLikeness } from './length/check.js';
import { lengthDocuments } from './lengths/index.js';
import { checkDocument, DocumentError } from './lib/documents.js';
import { nearestNames } from './lib/nearest.js';
import { preview } from './lib/preview.js';
import { checkMaskSpec } from './mask/check-spec.js';
import { maskDocuments } from './masks/index.js';
import { checkLaws } from './operator/check-laws.js';
import { operatorDocuments } from './operators/index.js';
import { checkProfile } from './profile.js';
import { profileDocuments } from './profiles/index.js';
import { checkOperator } from './program/check.js';
import { checkOutputs } from './program/check-outputs.js';
import { expanded } from './program/macros.js';
import { checkScheme } from './scheme/check.js';
import { schemeDocuments } from './schemes/index.js';
import type { SpecLibrary } from './spec-library.js';
import type { Cluster, LengthDistribution, MaskSpec, Operator, Profile, Scheme } from './types/documents.js';

/** Unchecked document; `kind` follows from its folder. */
export interface SpecDocument {
  readonly kind: 'operator' | 'maskSpec' | 'profile' | 'scheme' | 'cluster' | 'lengthDistribution';
  readonly document: string;
  readonly value: unknown;
}

/**
 * Creates a library from the built-in documents and added ones.
 * @throws {DocumentError} if a document is malformed, reuses a name, or refers to an unknown name.
 */
export function createLibrary(added: readonly SpecDocument[] = []): SpecLibrary {
  const library = {
    operators: new Map(operatorDocuments.map((o) => [o.name, expanded(o)])),
    masks: new Map(maskDocuments.map((m) => [m.name, m])),
    profiles: new Map(profileDocuments.map((p) => [p.name, p])),
    schemes: new Map(schemeDocuments.map((s) => [s.name, s])),
    clusters: new Map(clusterDocuments.map((c) => [c.name, c])),
    lengths: new Map(lengthDocuments.map((l) => [l.name, l])),
  };
  const mapOf = {
    operator: library.operators,
    maskSpec: library.masks,
    profile: library.profiles,
    scheme: library.schemes,
    cluster: library.clusters,
    lengthDistribution: library.lengths,
  };
  for (const { kind, document, value } of added) {
    if (kind === 'operator') refuseFirstEdition(value, document);
    const checked = checkDocument(kind, value, document);
    if (kind === 'operator') {
      checkOperator(checked as Operator, document);
      checkOutputs(checked as Operator, document);
    }
    if (kind === 'maskSpec') checkMaskSpec(checked as MaskSpec, document);
    if (kind === 'scheme') checkScheme(checked as Scheme, document);
    if (kind === 'cluster') checkCluster(checked as Cluster, document);
    if (kind === 'lengthDistribution') checkLengthDistribution(checked as LengthDistribution, document);
    const map = mapOf[kind] as Map<string, unknown>;
    if (map.has(checked.name)) throw new DocumentError(document, '$.name', `"${checked.name}" is already taken; give it another name`);
    map.set(checked.name, kind === 'operator' ? expanded(checked as Operator) : checked);
  }
  // a document may refer to a later one
  for (const { kind, document, value } of added) {
    if (kind === 'scheme') checkOperatorsOf(value as Scheme, document, library.operators);
    if (kind === 'operator') {
      checkMasksOf(value as Operator, document, library.masks);
      checkLaws(value as Operator, document, library.operators);
    }
    if (kind === 'lengthDistribution') checkLikeness(value as LengthDistribution, document, library.lengths);
    if (kind === 'profile') checkProfile(value as Profile, document, library.operators.values());
  }
  return library;
}

/** @throws {DocumentError} for an operator of the first edition, with a list of outputs. */
function refuseFirstEdition(value: unknown, document: string): void {
  const outputs = typeof value === 'object' && value !== null ? (value as { outputs?: unknown }).outputs : undefined;
  if (!Array.isArray(outputs)) return;
  throw new DocumentError(
    document,
    '$.outputs',
    `found the list ${preview(outputs)}, the form of the first edition; give each output its axes, such as {"o": ["b", "hk", "g", "m", "e"]}, and add "family" and "formula"`,
  );
}

/** @throws {DocumentError} if a scheme names an unknown operator. */
function checkOperatorsOf(scheme: Scheme, document: string, operators: ReadonlyMap<string, Operator>): void {
  for (const key of ['operators', 'inside'] as const) {
    for (const [x, name] of (scheme[key] ?? []).entries()) {
      if (operators.has(name)) continue;
      throw new DocumentError(
        document,
        `$.${key}[${x}]`,
        `found "${name}", must be one of the operators ${[...operators.keys()].join(', ')}`,
      );
    }
  }
}

/** @throws {DocumentError} if an operator names an unknown mask. */
function checkMasksOf({ masks }: Operator, document: string, known: ReadonlyMap<string, MaskSpec>): void {
  if (!Array.isArray(masks)) return;
  for (const [x, name] of masks.entries()) {
    if (known.has(name)) continue;
    throw new DocumentError(document, `$.masks[${x}]`, `found "${name}", which names no mask; ${nearestNames(name, known.keys())}`);
  }
}

/** Versions of all documents that results depend on, as results record them. */
export function versionsOf(library: SpecLibrary): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const o of library.operators.values()) versions[`operator ${o.name}`] = o.version;
  for (const m of library.masks.values()) versions[`mask ${m.name}`] = m.version;
  for (const p of library.profiles.values()) versions[`profile ${p.name}`] = String(p.version);
  for (const s of library.schemes.values()) versions[`scheme ${s.name}`] = s.version;
  return versions;
}

/** Document with another version than at judging; `now` is absent if the document is gone. */
export interface OtherVersion {
  readonly document: string;
  readonly then: string;
  readonly now?: string;
}

/** Lists the documents of `versionsOf` with another version in this library. */
export function otherVersions(judgedBy: Readonly<Record<string, string>>, library: SpecLibrary): OtherVersion[] {
  const here = versionsOf(library);
  return Object.entries(judgedBy).flatMap(([document, then]) => {
    const now = Object.hasOwn(here, document) ? here[document] : undefined;
    return now === then ? [] : [{ document, then, ...(now !== undefined && { now }) }];
  });
}
