import { alsoText, isCalledLike } from '../../../spec/also.js';
import { devicesOf } from '../../../spec/cluster/devices.js';
import { ratesOf } from '../../../spec/cluster/rates.js';
import { printExpression } from '../../../spec/expression/print.js';
import { drawLengths } from '../../../spec/length/draw.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { numericsByName } from '../../../spec/numeric/named.js';
import { operatorsOfProfile } from '../../../spec/profile.js';
import { rowsOf } from '../../../spec/rows.js';
import type { Also, Rows } from '../../../spec/types/documents.js';
import { undefinedOperators, undefinedPapers } from '../../../spec/undefined-operators.js';
import { UsageError } from '../../lib/usage-error.js';
import { properties } from '../../properties/index.js';
import type { ListContext, Listing } from './listing.js';

/** @throws {UsageError} if no operator is of the family. */
export function listOperators({ library, family, search, all }: ListContext): Listing {
  const known = [...library.operators.values()];
  const families = new Set([...known, ...(all ? undefinedOperators : [])].map((operator) => operator.family));
  if (family !== undefined && !families.has(family))
    throw new UsageError(`--family: unknown family "${family}"; ${nearestNames(family, families)}`);
  const isAsked = (operator: { readonly family: string }) => family === undefined || operator.family === family;
  const defined = known
    .filter(isAsked)
    .filter((operator) => isSearched(operator, search))
    .map(({ name, family: own, version, title, also = [], rows, inputs, optional = {}, options = {}, outputs, masks = ['full'] }) => ({
      name,
      family: own,
      version,
      title,
      also,
      ...papersOf(all, { rows }),
      inputs: Object.keys(inputs),
      optional: Object.keys(optional),
      options: Object.keys(options),
      outputs,
      masks,
    }));
  const others = (all && search === undefined ? undefinedOperators : []).filter(isAsked);
  const papers = all && family === undefined && search === undefined ? undefinedPapers : [];
  const columns = columnOf(all);
  return {
    records: [
      ...defined,
      ...others.map(({ name, family: own, row, source, known: facts, reason }) => ({
        name,
        family: own,
        ...(row !== undefined && { rows: [row] }),
        source,
        known: facts,
        undefined: reason,
      })),
      ...papers.map(({ row, title, reason }) => ({ rows: [row], title, undefined: reason })),
    ],
    head: ['OPERATOR', 'FAMILY', 'VERSION', ...columns('ROWS'), 'OPTIONS', 'TITLE'],
    rows: defined.map((r) => [r.name, r.family, r.version, ...columns(numbers(r)), [...r.options, ...r.optional].join(' '), titleOf(r)]),
    more: [
      {
        head: ['UNDEFINED', 'FAMILY', 'ROW', 'WHY'],
        rows: others.map((r) => [r.name, r.family, String(r.row ?? ''), `${r.reason}. ${r.source[0].title}: ${r.known}`]),
      },
      { head: ['ROW', 'WHY IT IS NOT AN OPERATOR'], rows: papers.map((r) => [String(r.row), `${r.reason}. ${r.title}`]) },
    ],
  };
}

function papersOf(all: boolean, { rows }: { readonly rows?: Rows }): { readonly rows?: Rows } {
  return all ? { rows: rows ?? [] } : {};
}

function columnOf(all: boolean): (text: string) => string[] {
  return (text) => (all ? [text] : []);
}

function numbers(document: { readonly rows?: Rows }): string {
  return rowsOf(document).join(' ');
}

function titleOf(document: { readonly title: string; readonly also: Also }): string {
  const also = alsoText(document);
  return also === '' ? document.title : `${document.title} [${also}]`;
}

function isSearched(document: Parameters<typeof isCalledLike>[0], search: string | undefined): boolean {
  return search === undefined || isCalledLike(document, search);
}

export function listMasks({ library, search, all }: ListContext): Listing {
  const columns = columnOf(all);
  const masks = [...library.masks.values()].filter((mask) => isSearched(mask, search));
  const records = masks.map(({ name, version, title, also = [], rows, parameters = {}, square = false, visible }) => ({
    name,
    version,
    title,
    also,
    ...papersOf(all, { rows }),
    parameters: Object.keys(parameters),
    square,
    visible: printExpression(visible),
  }));
  return {
    records,
    head: ['MASK', 'VERSION', ...columns('ROWS'), 'PARAMETERS', 'TITLE'],
    rows: records.map((r) => [r.name, r.version, ...columns(numbers(r)), r.parameters.join(' '), titleOf(r)]),
  };
}

export function listProperties(): Listing {
  const records = properties.map(({ name, title, perMask, perFeature }) => ({ name, title, perMask, perFeature }));
  return { records, head: ['PROPERTY', 'TITLE'], rows: records.map((r) => [r.name, r.title]) };
}

export function listProfiles({ library }: ListContext): Listing {
  const records = [...library.profiles.values()].map((profile) => ({
    name: `${profile.name}@${profile.version}`,
    title: profile.title,
    includes: profile.includes ?? [],
    operators: operatorsOfProfile(profile, library.operators.values()),
    properties: profile.properties,
  }));
  return { records, head: ['PROFILE', 'TITLE'], rows: records.map((r) => [r.name, r.title]) };
}

export function listSchemes({ library, search, all }: ListContext): Listing {
  const columns = columnOf(all);
  const schemes = [...library.schemes.values()].filter((scheme) => isSearched(scheme, search));
  const records = schemes.map(({ name, version, title, also = [], rows, masks, directions, needs, exact, layout }) => ({
    name,
    version,
    title,
    also,
    ...papersOf(all, { rows }),
    masks,
    directions,
    needs: needs.map(({ text }) => text),
    exact,
    layout: layout === 'solved' ? layout : printExpression(layout),
  }));
  return {
    records,
    head: ['SCHEME', 'PASSES', ...columns('ROWS'), 'MASKS', 'TITLE'],
    rows: records.map((r) => [
      r.name,
      r.directions.join(' '),
      ...columns(numbers(r)),
      r.masks === 'any' ? 'any' : r.masks.join(' '),
      titleOf(r),
    ]),
  };
}

export function listClusters({ library }: ListContext): Listing {
  const records = [...library.clusters.values()].map((cluster) => {
    const { name, version, title, device, levels = [], torus } = cluster;
    const links = torus ? [torus.name] : levels.map((level) => level.name);
    return { name, version, title, devices: devicesOf(cluster), device: device.name, rates: ratesOf(device), links };
  });
  return {
    records,
    head: ['CLUSTER', 'DEVICES', 'LINKS', 'TITLE'],
    rows: records.map((r) => [r.name, String(r.devices), r.links.join(' '), r.title]),
  };
}

const ENTRY = 48 * 1024;

export function listLengths({ library }: ListContext): Listing {
  const records = [...library.lengths.values()].map((distribution) => {
    const { name, version, title, upTo } = distribution;
    const lengths = drawLengths(library.lengths, distribution, ENTRY, 0);
    return { name, version, title, ...(upTo !== undefined && { upTo }), entry: { tokens: ENTRY, documents: lengths.length } };
  });
  return {
    records,
    head: ['LENGTHS', 'UP TO', 'DOCUMENTS IN 48K', 'TITLE'],
    rows: records.map((r) => [r.name, String(r.upTo ?? ''), String(r.entry.documents), r.title]),
  };
}

export function listNumerics(): Listing {
  const records = [...numericsByName.values()].map(({ name, version, title, defaults = [], numeric }) => ({
    name,
    version,
    title,
    defaults,
    numeric,
  }));
  return {
    records,
    head: ['NUMERICS', 'DEFAULT FOR', 'TITLE'],
    rows: records.map((r) => [r.name, r.defaults.map(({ device, dtypes }) => `${device}: ${dtypes.join(' ')}`).join('\n'), r.title]),
  };
}
