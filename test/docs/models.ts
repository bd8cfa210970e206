import { type AlsoCalled, allCalled } from '../../dist/spec/also.js';
import { createLibrary } from '../../dist/spec/library.js';
import { code, type Page, paragraphs, prose, type Section, table } from './page.js';

/** Page that answers which operators a model runs, from the other names that documents give themselves. */
export function modelSections(): Section[] {
  return [{ title: 'By model', pages: [modelPage()] }];
}

export function modelPage(): Page {
  const byName = new Map<string, AlsoCalled[]>();
  for (const one of allCalled(createLibrary())) byName.set(one.as, [...(byName.get(one.as) ?? []), one]);
  const sorted = [...byName].sort(([a], [b]) => a.localeCompare(b));
  const rowsOf = (models: boolean) =>
    sorted
      .filter(([, called]) => called.some(({ isModel }) => isModel) === models)
      .map(([name, called]) => [prose(name), called.map(linkTo).join('<br>')]);
  const text = paragraphs(
    '# Which operator does my model run?',
    `In a terminal: ${code('npx attention-cts operator "Qwen3-Next"')}, or ${code('npx attention-cts list operators --search qwen')}. ` +
      'A model or a name that is missing here is one line in a document: the field `also`.',
    '## Models',
    table(['model', 'what it runs'], rowsOf(true)),
    '## Other names',
    table(['name', 'document'], rowsOf(false)),
  );
  return { path: 'models.md', name: 'Which operator does my model run?', text };
}

const folders = { operator: 'operators', mask: 'masks', scheme: 'schemes' };

function linkTo({ kind, name, by }: AlsoCalled): string {
  const what = kind === 'operator' ? '' : `${kind} `;
  return `${what}[${name}](./${folders[kind]}/${name}.md)${by === undefined ? '' : `: ${prose(by)}`}`;
}
