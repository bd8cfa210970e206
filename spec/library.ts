import { checkCluster } from './cluster/check.js';
import { clusterDocuments } from './clusters/index.js';
import { checkDocument, DocumentError } from './documents.js';
import { nearestNames } from './expression/nearest.js';
import { checkMaskSpec } from './mask/check-spec.js';
import { maskDocuments } from './masks/index.js';
import { operatorDocuments } from './operators/index.js';
import { profileDocuments } from './profiles/index.js';
import { checkOperator } from './program/check.js';
import { checkOutputs } from './program/check-outputs.js';
import { checkScheme } from './scheme/check.js';
import { schemeDocuments } from './schemes/index.js';
import type { Cluster, MaskSpec, Operator, Profile, Scheme } from './types/documents.js';

/** Every spec document in force: ours, and those added by `--spec`. */
export interface SpecLibrary {
  readonly operators: ReadonlyMap<string, Operator>;
  readonly masks: ReadonlyMap<string, MaskSpec>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly schemes: ReadonlyMap<string, Scheme>;
  /** For simulations; no result depends on them. */
  readonly clusters: ReadonlyMap<string, Cluster>;
}

/** A document not yet trusted. `kind` is the folder it came from. */
export interface SpecDocument {
  readonly kind: 'operator' | 'maskSpec' | 'profile' | 'scheme' | 'cluster';
  /** What to call it in a message. */
  readonly document: string;
  readonly value: unknown;
}

/** Plain data, so that a library crosses to a host or a judge as the documents it was made of. */
export function createLibrary(added: readonly SpecDocument[] = []): SpecLibrary {
  const library = {
    operators: new Map(operatorDocuments.map((o) => [o.name, o])),
    masks: new Map(maskDocuments.map((m) => [m.name, m])),
    profiles: new Map(profileDocuments.map((p) => [p.name, p])),
    schemes: new Map(schemeDocuments.map((s) => [s.name, s])),
    clusters: new Map(clusterDocuments.map((c) => [c.name, c])),
  };
  const mapOf = {
    operator: library.operators,
    maskSpec: library.masks,
    profile: library.profiles,
    scheme: library.schemes,
    cluster: library.clusters,
  };
  for (const { kind, document, value } of added) {
    const checked = checkDocument(kind, value, document);
    if (kind === 'operator') {
      checkOperator(checked as Operator, document);
      checkOutputs(checked as Operator, document);
    }
    if (kind === 'maskSpec') checkMaskSpec(checked as MaskSpec, document);
    if (kind === 'scheme') checkScheme(checked as Scheme, document);
    if (kind === 'cluster') checkCluster(checked as Cluster, document);
    const map = mapOf[kind] as Map<string, unknown>;
    if (map.has(checked.name)) throw new DocumentError(document, '$.name', `"${checked.name}" is taken; give it a name of its own`);
    map.set(checked.name, checked);
  }
  // documents that come later may be meant
  for (const { kind, document, value } of added) {
    if (kind === 'scheme') checkOperatorsOf(value as Scheme, document, library.operators);
    if (kind === 'operator') checkMasksOf(value as Operator, document, library.masks);
  }
  return library;
}

/** @throws {DocumentError} where a scheme names an operator that is in no document. */
function checkOperatorsOf(scheme: Scheme, document: string, operators: ReadonlyMap<string, Operator>): void {
  for (const key of ['operators', 'inside'] as const) {
    for (const [x, name] of (scheme[key] ?? []).entries()) {
      if (operators.has(name)) continue;
      throw new DocumentError(document, `$.${key}[${x}]`, `found "${name}"; there are the operators ${[...operators.keys()].join(', ')}`);
    }
  }
}

/** @throws {DocumentError} where an operator lists a mask that is in no document. */
function checkMasksOf({ masks }: Operator, document: string, known: ReadonlyMap<string, MaskSpec>): void {
  if (!Array.isArray(masks)) return;
  for (const [x, name] of masks.entries()) {
    if (known.has(name)) continue;
    throw new DocumentError(document, `$.masks[${x}]`, `found "${name}", which names no mask; ${nearestNames(name, known.keys())}`);
  }
}

/** Versions of the documents judged by, as results record them. */
export function versionsOf(library: SpecLibrary): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const o of library.operators.values()) versions[`operator ${o.name}`] = o.version;
  for (const m of library.masks.values()) versions[`mask ${m.name}`] = m.version;
  for (const p of library.profiles.values()) versions[`profile ${p.name}`] = String(p.version);
  for (const s of library.schemes.values()) versions[`scheme ${s.name}`] = s.version;
  return versions;
}
