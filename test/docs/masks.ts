import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { printExpression } from '../../dist/spec/expression/print.js';
import { createLibrary } from '../../dist/spec/library.js';
import type { MaskSpec } from '../../dist/spec/types/documents.js';
import { printed } from './command-line.js';
import { expressionTex } from './expression-formula.js';
import { alsoOf, code, figure, formulas, listing, paragraphs, prose, type Section, searchedOf, sourcesOf, table } from './page.js';

/** Pages of the masks, with what `attn-cts mask` draws. @param folder where their pictures go. */
export async function maskSections(folder: string): Promise<Section[]> {
  const masks = [...createLibrary().masks.values()];
  const pages = [];
  mkdirSync(join(folder, 'masks'), { recursive: true });
  for (const mask of masks) {
    const svg = join(folder, 'masks', `${mask.name}.svg`);
    const shown = await printed('mask', mask.name, '--svg', svg);
    pages.push({ path: `masks/${mask.name}.md`, name: mask.name, text: pageOf(mask, shown), ...searchedOf(mask, 'mask') });
  }
  const text = paragraphs(
    '# Masks',
    `A mask is a predicate over the indices: ${code('i')} a query, ${code('j')} a key, ${code('b')} a batch entry, ${code('h')} a head. ` +
      `Masks are composed with ${code('and')}, ${code('or')}, ${code('not')} and, for one mask a head, ${code('heads')}: ` +
      `${code(`npx attention-cts mask '{"and": [{"name": "causal"}, {"name": "document", "parameters": {"lengths": [8, 8]}}]}'`)}. ` +
      'One of your own is a JSON file: see [operators and masks of your own](../../guide/own-documents.md).',
    'Each row of a picture is a query and each column a key. A filled cell is a key that the query sees.',
    '<div class="gallery">',
    ...masks.map(figure),
    '</div>',
    table(
      ['mask', 'what it is', 'parameters'],
      masks.map(({ name, title, parameters = {} }) => [
        `[${name}](./${name}.md)`,
        prose(title),
        Object.keys(parameters).map(code).join(', '),
      ]),
    ),
  );
  return [{ title: 'Masks', pages: [{ path: 'masks/index.md', name: 'All masks', text }, ...pages] }];
}

function pageOf(
  { name, version, title, parameters = {}, square, optIn, rare, visible, also, source = [] }: MaskSpec,
  shown: string,
): string {
  return paragraphs(
    `# ${name}`,
    `${prose(title)}. Query ${code('i')} sees key ${code('j')} where`,
    formulas([expressionTex(visible)]),
    alsoOf({ ...(also && { also }) }),
    `![The mask ${name}: queries downwards, keys to the right, visible cells filled](./${name}.svg)`,
    'Each row is a query and each column a key. A filled cell is a key that the query sees.',
    `Version ${version}. ${areaOf(shown)} In a terminal: ${code(`npx attention-cts mask ${name}`)}; ${code('--param')} gives a parameter another value.`,
    [
      ...(square ? ['It needs as many queries as keys.'] : []),
      ...(optIn ? ['It is drawn only where a scheme, an operator or an implementation names it.'] : []),
      ...(rare ? ['It is drawn a ninth as often as the others where any mask may be drawn.'] : []),
    ].join(' '),
    Object.keys(parameters).length > 0 ? '## Parameters' : '',
    listing(
      ['parameter', 'values', 'meaning'],
      Object.entries(parameters).map(([parameter, { type, choices, minimum, maximum, description = '' }]) => {
        const bound = (limit: Parameters<typeof printExpression>[0] | undefined) => (limit === undefined ? '' : printExpression(limit));
        const range = minimum === undefined && maximum === undefined ? '' : `, ${bound(minimum)} … ${bound(maximum)}`;
        return [code(parameter), prose(`${choices ? choices.join(' or ') : type}${range}`), prose(description)];
      }),
    ),
    source.length > 0 ? '## Sources' : '',
    sourcesOf(source),
  );
}

/** The sentence on the area of the picture, from what the command prints. */
function areaOf(shown: string): string {
  const line = /^area: (.+)$/m.exec(shown);
  return line ? `Visible in the picture: ${line[1]}.` : '';
}
