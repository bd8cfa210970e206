import { devicesOf } from '../../../spec/cluster/devices.js';
import { ratesOf } from '../../../spec/cluster/rates.js';
import { printExpression } from '../../../spec/expression/print.js';
import { properties } from '../../properties/index.js';
import type { ListContext, Listing } from './listing.js';

export function listOperators({ library }: ListContext): Listing {
  const records = [...library.operators.values()].map(
    ({ name, version, title, inputs, optional = {}, options = {}, outputs, masks = ['full'] }) => ({
      name,
      version,
      title,
      inputs: Object.keys(inputs),
      optional: Object.keys(optional),
      options: Object.keys(options),
      outputs,
      masks,
    }),
  );
  return {
    records,
    head: ['OPERATOR', 'VERSION', 'OPTIONS', 'TITLE'],
    rows: records.map((r) => [r.name, r.version, [...r.options, ...r.optional].join(' '), r.title]),
  };
}

export function listMasks({ library }: ListContext): Listing {
  const records = [...library.masks.values()].map(({ name, version, title, parameters = {}, square = false, visible }) => ({
    name,
    version,
    title,
    parameters: Object.keys(parameters),
    square,
    visible: printExpression(visible),
  }));
  return {
    records,
    head: ['MASK', 'VERSION', 'PARAMETERS', 'TITLE'],
    rows: records.map((r) => [r.name, r.version, r.parameters.join(' '), r.title]),
  };
}

export function listProperties(): Listing {
  const records = properties.map(({ name, title, perMask, perFeature }) => ({ name, title, perMask, perFeature }));
  return { records, head: ['PROPERTY', 'TITLE'], rows: records.map((r) => [r.name, r.title]) };
}

export function listProfiles({ library }: ListContext): Listing {
  const records = [...library.profiles.values()].map(({ name, version, title, includes = [], operators, properties: own }) => ({
    name: `${name}@${version}`,
    title,
    includes,
    operators,
    properties: own,
  }));
  return { records, head: ['PROFILE', 'TITLE'], rows: records.map((r) => [r.name, r.title]) };
}

export function listSchemes({ library }: ListContext): Listing {
  const records = [...library.schemes.values()].map(({ name, version, title, masks, directions, needs, exact, layout }) => ({
    name,
    version,
    title,
    masks,
    directions,
    needs: needs.map(({ text }) => text),
    exact,
    layout: layout === 'solved' ? layout : printExpression(layout),
  }));
  return {
    records,
    head: ['SCHEME', 'PASSES', 'MASKS', 'TITLE'],
    rows: records.map((r) => [r.name, r.directions.join(' '), r.masks === 'any' ? 'any' : r.masks.join(' '), r.title]),
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
