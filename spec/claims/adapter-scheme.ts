import { checkDocument, DocumentError } from '../lib/documents.js';
import { checkScheme } from '../scheme/check.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Capabilities, Scheme } from '../types/documents.js';
import type { FullCapabilities } from './capabilities.js';

/** Claims of an adapter that implements a parallel scheme itself. */
export type OwnScheme = NonNullable<Capabilities['schemes']>[string];

/** Claims of an adapter that is a scheme; undefined if its kernel runs inside a built-in scheme. */
export function ownOf({ schemes }: Pick<FullCapabilities, 'schemes'>): OwnScheme | undefined {
  return schemes && Object.values(schemes)[0];
}

/** Reason why an adapter's scheme cannot be judged; undefined if it can, or if it is no scheme. */
export function whyUndocumented(capabilities: Pick<FullCapabilities, 'schemes'>): string | undefined {
  const own = ownOf(capabilities);
  return own && own.document === undefined ? 'it claims no "spec", the document that states its needs and its messages' : undefined;
}

/**
 * Document of an adapter's scheme, or of an even token split.
 * @throws {DocumentError} if malformed.
 */
export function documentOf(name: string, { document }: OwnScheme): Scheme {
  if (document === undefined) return undocumented(name);
  const where = `the document of scheme ${name}`;
  const scheme = checkDocument('scheme', document, where);
  checkScheme(scheme, where);
  if (scheme.name !== name) throw new DocumentError(where, '$.name', `found "${scheme.name}", must be "${name}", as in "schemes"`);
  if (scheme.layout === 'solved')
    throw new DocumentError(where, '$.layout', 'must be an expression: the suite has no program that solves this layout');
  for (const direction of ['forward', 'backward'] as const) {
    const remap = scheme.volume[direction]?.findIndex(({ each }) => each === 'remap' || each === 'remap-return') ?? -1;
    if (remap >= 0)
      throw new DocumentError(
        where,
        `$.volume.${direction}[${remap}].each`,
        `found "${scheme.volume[direction]?.[remap].each}": the suite has no program that remaps the tokens; give "elements" instead`,
      );
  }
  return scheme;
}

function undocumented(name: string): Scheme {
  return {
    name,
    version: '0.0.0',
    title: name,
    source: [{ title: name }],
    masks: 'any',
    directions: ['forward', 'backward'],
    uneven: 'refuse',
    // a multiple of 2P also divides into zigzag shards
    unit: ['*', 2, 'P'],
    layout: ['floor', ['/', 't', 'n']],
    needs: [],
    volume: { forward: [] },
    balance: {},
    exact: true,
  };
}

/** Adds the adapter's schemes. @throws {DocumentError} for a taken name or a bad document. */
export function withSchemes(library: SpecLibrary, { schemes }: Pick<FullCapabilities, 'schemes'>, document: string): SpecLibrary {
  if (!schemes) return library;
  const own = Object.entries(schemes).map(([name, claim]) => [name, documentOf(name, claim)] as const);
  for (const [name] of own)
    if (library.schemes.has(name))
      throw new DocumentError(document, `$.schemes.${name}`, 'this name is taken by a built-in scheme; give the scheme another name');
  return { ...library, schemes: new Map([...library.schemes, ...own]) };
}

/** Reason why calls without ranks are impossible; undefined if possible or without schemes. */
export function neverAlone({ schemes }: Pick<FullCapabilities, 'schemes'>): string | undefined {
  if (!schemes) return undefined;
  const worlds = [...new Set(Object.values(schemes).flatMap((claim) => claim.worlds))].sort((a, b) => a - b);
  return worlds.includes(1) ? undefined : `it computes on ${worlds.join(' and ')} ranks, never on one`;
}

/** Claims for an adapter's scheme, restricted to the masks and directions of its document. */
export function claimsOwn(capabilities: FullCapabilities, scheme: Scheme): FullCapabilities {
  const { pages: _, schemes = {}, ...rest } = capabilities;
  const backward = scheme.directions.includes('backward') && capabilities.commands.includes('backward');
  const gradients = backward ? capabilities.gradients : [];
  const named = scheme.masks === 'any';
  return {
    ...rest,
    masks: named ? capabilities.masks : capabilities.masks.filter((mask) => scheme.masks.includes(mask)),
    denseMask: named ? capabilities.denseMask : false,
    gradients,
    commands: gradients.length > 0 ? ['forward', 'backward'] : ['forward'],
    layouts: capabilities.layouts.filter((layout) => layout !== 'thd'),
    strided: false,
    schemes: { [scheme.name]: schemes[scheme.name] },
  };
}
