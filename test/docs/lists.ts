import { builtIns } from '../../dist/adapters/registry.js';
import { kinds } from '../../dist/adapters/sources.js';
import { reporters } from '../../dist/reports/index.js';
import { devicesOf } from '../../dist/spec/cluster/devices.js';
import { dialectAxes } from '../../dist/spec/dialect.js';
import { createLibrary } from '../../dist/spec/library.js';
import { operatorsOfProfile } from '../../dist/spec/profile.js';
import { properties } from '../../dist/suites/properties/index.js';
import { code, type Page, paragraphs, prose, type Section, table } from './page.js';

/** Pages of what there is beside operators, masks and schemes, each a table from the list itself. */
export function listSections(): Section[] {
  return [{ title: 'Checks and adapters', pages: [propertyPage(), profilePage(), dialectPage(), adapterPage(), clusterPage()] }];
}

function propertyPage(): Page {
  const rows = properties.map(({ name, title, perMask, perFeature, perScheme, law }) => [
    code(name),
    prose(title),
    law
      ? 'an operator with this law'
      : perScheme
        ? 'scheme'
        : [...(perMask ? ['mask'] : []), ...(perFeature ? ['feature'] : [])].join(', '),
  ]);
  const text = paragraphs(
    '# Properties',
    'A property says what must hold. A check is one property of one operator, mask and type: `softmax/causal/oracle/f32`. ' +
      'Where the last column is empty, one check draws its masks.',
    table(['property', 'what it says', 'one check for each'], rows),
  );
  return { path: 'properties.md', name: 'Properties', text };
}

function profilePage(): Page {
  const library = createLibrary();
  const sections = [...library.profiles.values()].map((profile) => {
    const operators = operatorsOfProfile(profile, library.operators.values());
    return paragraphs(
      `## ${profile.name}@${profile.version} {#${profile.name}}`,
      `${prose(profile.title)}.`,
      profile.includes?.length ? `Includes ${profile.includes.map(code).join(', ')}.` : '',
      operators.length > 0 ? `Operators: ${operators.map((name) => `[${name}](./operators/${name}.md)`).join(', ')}.` : '',
      profile.properties.length > 0 ? `Properties: ${profile.properties.map(code).join(', ')}.` : '',
    );
  });
  const text = paragraphs(
    '# Profiles',
    'A profile is a versioned list of checks that an implementation can claim: `--profile core`.',
    ...sections,
  );
  return { path: 'profiles.md', name: 'Profiles', text };
}

function dialectPage(): Page {
  const text = paragraphs(
    '# Dialects',
    'Conventions in which right implementations differ. A kernel is judged by the conventions that it declares, and otherwise by the defaults. ' +
      '`npx attention-cts probe --adapter ./kernel.ts` reads them from a few calls; `--dialect causal=top-left` declares one. ' +
      'Which backend follows which is in [how strong it is](../guide/strength.md#dialects).',
    table(
      ['axis', 'values, the default first'],
      Object.entries(dialectAxes).map(([axis, values]) => [code(axis), (values as readonly string[]).map(code).join(', ')]),
    ),
    'What each of them means is in [the contracts](../contracts/claims.md#dialect).',
  );
  return { path: 'dialects.md', name: 'Dialects', text };
}

function adapterPage(): Page {
  const text = paragraphs(
    '# Adapters and reporters',
    '`npx attention-cts list adapters` says which of these are available on a machine, and what the others need.',
    '## Built in',
    table(
      ['adapter', 'what it is', 'judged'],
      Object.entries(builtIns).map(([id, { title, slow }]) => [
        code(id),
        prose(title),
        slow === undefined ? 'by a plain run' : 'by name, or with `--slow`',
      ]),
    ),
    '## Ways to bring a kernel',
    table(
      ['`--adapter`', 'what it is'],
      [
        ['`./kernel.ts`, `./kernel.js`', 'a module that exports an adapter'],
        ...Object.entries(kinds).map(([kind, { argument, what }]) => [code(`${kind}:${argument}`), prose(what)]),
      ],
    ),
    '## Reporters',
    table(
      ['`--reporter`', 'what it writes'],
      Object.entries(reporters).map(([name, { title }]) => [code(name), prose(title)]),
    ),
  );
  return { path: 'adapters.md', name: 'Adapters and reporters', text };
}

function clusterPage(): Page {
  const rows = [...createLibrary().clusters.values()].map((cluster) => [
    code(cluster.name),
    prose(cluster.title),
    String(devicesOf(cluster)),
    prose(cluster.device.name),
  ]);
  const text = paragraphs(
    '# Clusters',
    '`npx attention-cts simulate --cluster NAME` says what a scheme would do on one of these; a file describes one of your own, [a cluster document](./documents/cluster.md).',
    table(['cluster', 'what it is', 'devices', 'device'], rows),
  );
  return { path: 'clusters.md', name: 'Clusters', text };
}
