import { createLibrary } from '../../dist/spec/library.js';
import { placesOf } from '../../dist/spec/positions.js';
import { layoutOf, worldOf } from '../../dist/spec/scheme/world.js';
import type { Expression, Scheme } from '../../dist/spec/types/documents.js';
import { expressionTex } from './expression-formula.js';
import { alsoOf, block, code, formula, formulas, paragraphs, prose, type Section, searchedOf, sourcesOf, table, write } from './page.js';
import { tokensSvg } from './tokens-svg.js';

/** Ranks and tokens of the pictures. */
const RANKS = 4;
const TOKENS = 32;

/** Pages of the context-parallel schemes. @param folder where their pictures go. */
export function schemeSections(folder: string): Section[] {
  const schemes = [...createLibrary().schemes.values()];
  const pages = schemes.map((scheme) => {
    const picture = pictureOf(scheme);
    if (picture !== undefined) write(folder, `schemes/${scheme.name}.svg`, picture);
    return {
      path: `schemes/${scheme.name}.md`,
      name: scheme.name,
      text: pageOf(scheme, picture !== undefined),
      ...searchedOf(scheme, 'context-parallel scheme'),
    };
  });
  const text = paragraphs(
    '# Schemes',
    'A context-parallel scheme computes attention on several ranks. Its document says where tokens lie, what it needs and what it sends; its program is judged against that, and against a single device. ' +
      'See [schemes](../../guide/schemes.md) for how to judge one of these or one of your own.',
    table(
      ['scheme', 'what it is', 'masks', 'passes'],
      schemes.map(({ name, title, masks, directions }) => [
        `[${name}](./${name}.md)`,
        prose(title),
        masks === 'any' ? 'any' : masks.join(', '),
        directions.join(', '),
      ]),
    ),
  );
  return [{ title: 'Schemes', pages: [{ path: 'schemes/index.md', name: 'All schemes', text }, ...pages] }];
}

function pageOf(scheme: Scheme, hasPicture: boolean): string {
  const { name, version, title, masks, directions, operators = ['softmax'], needs, layout, volume, unit, uneven, balance } = scheme;
  const maskLinks = masks === 'any' ? 'any' : masks.map((mask) => `[${mask}](../masks/${mask}.md)`).join(', ');
  const volumes = Object.entries(volume).flatMap(([pass, items]) => items.map((item) => [pass, prose(item.what), amountOf(item), item.as]));
  return paragraphs(
    `# ${name}`,
    `${prose(title)}.`,
    alsoOf(scheme),
    hasPicture ? `![Which rank has which of ${TOKENS} tokens, of ${RANKS} ranks](./${name}.svg)` : '',
    `Version ${version}. Passes: ${directions.join(', ')}. Masks: ${maskLinks}. ` +
      `Operators: ${operators.map((operator) => `[${operator}](../operators/${operator}.md)`).join(', ')}.`,
    block('sh', [
      `npx attention-cts run --profile parallel --scheme ${name}`,
      `npx attention-cts simulate --scheme ${name} --ranks 8 --tokens 64K --cluster h100-96`,
    ]),
    '## Where tokens lie',
    layout === 'solved'
      ? 'The program places tokens by the mask.'
      : paragraphs(
          `Token ${formula('t')} lies on rank`,
          formulas([expressionTex(layout)]),
          `Tokens come in a multiple of ${formula(unit === undefined ? 'P' : expressionTex(unit))}; a number that is none is ${unevenOf(uneven)}.`,
        ),
    needs.length > 0 ? '## What it needs' : '',
    needs.map(({ text }) => `- ${prose(text)}`).join('\n'),
    volumes.length > 0 ? '## What a rank sends' : '',
    table(['pass', 'what', 'elements', 'stored as'], volumes),
    volumes.length > 0
      ? `${formula('P')} ranks; ${['Q', 'K', 'V', 'O', 'L'].map(formula).join(', ')}: elements of a rank's own queries, keys, values, outputs and LSEs.`
      : '',
    Object.keys(balance).length > 0 ? '## Balance' : '',
    table(
      ['mask', 'the largest area of a rank ÷ the mean'],
      Object.entries(balance).map(([mask, share]) => [code(mask), balanceOf(share)]),
    ),
    '## Sources',
    sourcesOf(scheme.source),
  );
}

/** Elements as a formula, or, where there is none, as so many for each key, query or token that is sent. */
function amountOf({ elements, each, width }: Scheme['volume']['forward'][number]): string {
  if (elements !== undefined) return formula(expressionTex(elements));
  return width === undefined ? '' : `each ${each}: ${formula(expressionTex(width))}`;
}

function balanceOf(share: Scheme['balance'][string]): string {
  const isMost = typeof share === 'object' && !Array.isArray(share) && 'most' in share;
  return isMost ? `at most ${formula(expressionTex(share.most))}` : formula(expressionTex(share as Expression));
}

function unevenOf(uneven: Scheme['uneven']): string {
  const words = { pad: 'padded', 'pad-documents': 'padded, each document by itself', refuse: 'refused', any: 'taken as it is' };
  return words[uneven ?? 'pad'];
}

/** A picture of the layout; undefined where it depends on a mask or an option, or one rank has all tokens. */
function pictureOf(scheme: Scheme): string | undefined {
  if (scheme.layout === 'solved' || scheme.given !== undefined || scheme.queries === 'root') return undefined;
  const world = worldOf(scheme, { b: 1, hk: RANKS, g: 1, m: TOKENS, n: TOKENS, d: 8, e: 8 }, RANKS);
  const ranks = layoutOf(world).map((segments) => [...placesOf(segments)]);
  return tokensSvg(ranks, world.padded, `${scheme.name}: tokens of ${RANKS} ranks`);
}
