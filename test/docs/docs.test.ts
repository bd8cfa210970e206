import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createLibrary } from '../../spec/library.js';
import { entriesOfOptions } from '../../suites/cli/options.js';
import { failureOf } from '../accept/failure-shown.js';
import { brokenLinks } from './broken-links.js';
import { commandSections } from './commands.js';
import { documentPage, documentSections } from './documents.js';
import { modelPage } from './models.js';
import { alsoOf, listing, prose, searchedOf, table, withHead } from './page.js';
import { fileText, HARNESS, publicNames, pythonSection } from './python.js';
import { withLinks } from './repository.js';
import { firstParagraph, searchedHtml, sharedAs } from './site-head.js';

const textsOf = (sections: ReturnType<typeof commandSections>) =>
  new Map(sections.flatMap(({ pages }) => pages.map(({ path, text }) => [path, text] as const)));

describe('text of documents', () => {
  it('has no mark of Markdown, HTML or a template left, but its code spans', () => {
    expect(prose('a*b_c <d> {{e}} [f](g) | `h_*{{i}}`')).toBe(
      'a&#42;b&#95;c &#60;d&#62; &#123;&#123;e&#125;&#125; &#91;f&#93;(g) &#124; `h_*{{i}}`',
    );
  });

  it('is one line in a cell, and no table has no rows', () => {
    expect(table(['x', 'y'], [['a\nb', 'c']])).toBe('| x | y |\n| --- | --- |\n| a b | c |');
    expect(table(['x'], [])).toBe('');
  });
});

describe('a listing', () => {
  it('has the name of a column before its cells, for narrow screens, and no column without text', () => {
    const rows = [
      ['`x`', '2', '', 'how many'],
      ['`y`', '', '', 'where'],
    ];
    expect(listing(['name', 'default', 'key', 'meaning'], rows)).toBe(
      [
        '<div class="listing">',
        '',
        '| name | default | meaning |',
        '| --- | --- | --- |',
        '| `x` | <span class="label">default: </span>2 | how many |',
        '| `y` |  | where |',
        '',
        '</div>',
      ].join('\n'),
    );
    expect(listing(['name'], [])).toBe('');
  });
});

describe('what a search finds', () => {
  const { operators, masks, schemes } = createLibrary();
  const documents = [...operators.values(), ...masks.values(), ...schemes.values()];

  it('has in its title every other name of the document, and in its description every model', () => {
    for (const document of documents) {
      const { title, description } = searchedOf(document, 'mask');
      expect(title.startsWith(`${document.name} mask: `)).toBe(true);
      for (const one of document.also ?? [])
        if (typeof one === 'string') expect(title).toContain(one);
        else expect(description).toContain(one.model);
    }
  });

  it('is in front of a page, as YAML', () => {
    const page = { path: 'x.md', name: 'x', text: '# x\n', title: 'x: "y"' };
    expect(withHead(page)).toBe('---\ntitle: "x: \\"y\\""\n---\n\n# x\n');
    expect(withHead({ ...page, title: undefined })).toBe('# x\n');
  });

  it('is the first paragraph of any other page', () => {
    expect(
      firstParagraph('---\na: b\n---\n# T\n\n```sh\nnpm ci\n\nx\n```\n\n- a\n\nSee `x` of\n[the page](y.md) &#124; <z>:\n\nNext.'),
    ).toBe('See x of the page |.');
    expect(firstParagraph('# T\n')).toBeUndefined();
    expect(firstParagraph(`${'word '.repeat(100)}`)?.length).toBeLessThan(310);
    expect(sharedAs('t', 'd')[0]).toEqual(['meta', { property: 'og:title', content: 't' }]);
  });
});

test('the search of the site has a page by its title, and a formula once', () => {
  const html =
    '<h1 id="x">x <a href="#x">#</a></h1><span class="katex"><span class="katex-mathml"><math>y</math></span><span>y</span></span>';
  const found = '<a href="#x">#</a></h1><span class="katex"><span>y</span></span>';
  expect(searchedHtml(html, 'x & y')).toBe(`<h1 id="x">x &amp; y ${found}`);
  expect(searchedHtml(html, undefined)).toBe(`<h1 id="x">x ${found}`);
});

describe('what was measured', () => {
  const section = (file: string, name: string) =>
    new RegExp(`<!-- generated: ${name} -->([\\s\\S]*)<!-- end: ${name} -->`).exec(
      readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
    )?.[1];

  it.each([
    ['failure', 'README.md', 'docs/index.md'],
    ['rules', 'docs/guide/strength.md', 'docs/guide/tolerances.md'],
  ])('is the same wherever it is shown: %s', (name, first, second) => {
    expect(section(first, name)?.length).toBeGreaterThan(100);
    expect(section(second, name)).toBe(section(first, name));
  });
});

describe('other names', () => {
  it('have a page, and stand on the pages of their documents', () => {
    const { text } = modelPage();
    expect(text).toContain('| Qwen3-Next | [gated-delta](./operators/gated-delta.md)');
    expect(text).toContain('mask [sliding-window](./masks/sliding-window.md)');
    expect(text).toContain('| StyA2K | [all-to-key](./operators/all-to-key.md) |');
    expect(alsoOf({ also: ['DSA', { model: 'DeepSeek V3.2' }] })).toBe('Also called DSA; of DeepSeek V3.2.');
    expect(alsoOf({})).toBe('');
  });
});

describe('pages of commands', () => {
  it('have every option of run, with the key of the configuration where there is one', () => {
    const text = textsOf(commandSections()).get('commands/run.md') as string;
    for (const [, { flag }] of entriesOfOptions()) expect(text).toContain(`| \`${flag.replaceAll('|', '\\|')}\` |`);
    expect(text).toContain('| `--adapter <a>` | <span class="label">configuration: </span>`adapters` |');
    expect(text).toContain('| `--resume` |  |');
    expect(text).not.toContain('--apart');
  });

  it('follow the program: arguments, choices, defaults and what help says below', () => {
    const program = new Command('x');
    program
      .command('judge')
      .description('Judge <it>.')
      .argument('<file...>', 'files')
      .addOption(new Option('--how <h>', 'how (default: well)').choices(['a', 'b']))
      .addOption(new Option('--n <n>', 'how many').default(3))
      .addOption(new Option('--old').hideHelp())
      .addHelpText('after', '\nWords.\n\nExamples:\n  $ x judge a    one\n  $ x judge b');
    const text = textsOf(commandSections(program)).get('commands/judge.md') as string;
    expect(text).toContain('npx attention-cts judge <file…> [options]');
    expect(text).toContain('Judge &#60;it&#62;.');
    expect(text).toContain('| `--how <h>` | how (one of a, b; default: well) |');
    expect(text).toContain('| `--n <n>` | how many (default: 3) |');
    expect(text).toContain('\nWords.\n');
    expect(text).toContain('```sh\nx judge a    one\nx judge b\n```');
    expect(text).not.toContain('--old');
  });
});

describe('the page of the Python harness', () => {
  const source = readFileSync(HARNESS, 'utf8');

  it.each(['kernel', 'scheme'])('says what every argument of @%s is', (name) => {
    const found = publicNames(source).find((each) => each.name === name);
    const missing = found?.arguments.filter((argument) => argument.name !== 'function' && argument.description === undefined);
    expect(missing).toEqual([]);
    expect(found?.arguments.length).toBeGreaterThan(4);
  });

  it('has every public name', () => {
    const [{ text }] = pythonSection(source).pages;
    for (const { name } of publicNames(source)) expect(text).toContain(`{#${name.toLowerCase()}}`);
  });

  it('reads signatures and docstrings', () => {
    const file =
      '"""About."""\n__all__ = ["f", "E"]\n\ndef f(\n    x: Dict[str, int],\n    *,\n    y: Tuple[int, ...] = (1, 2),\n    **more: Any,\n) -> int:\n    """Does it.\n\n    x, y: both\n      of them\n    more: others\n\n    Raises E.\n    """\n\nclass E(Exception):\n    """Went wrong."""\n';
    expect(fileText(file)).toBe('About.');
    expect(publicNames(file)).toEqual([
      {
        name: 'f',
        head: 'f(x: Dict[str, int], *, y: Tuple[int, ...] = (1, 2), **more: Any) -> int',
        text: 'Does it.\n\n\nRaises E.',
        arguments: [
          { name: 'x', type: 'Dict[str, int]', description: 'both of them' },
          { name: 'y', type: 'Tuple[int, ...]', default: '(1, 2)', description: 'both of them' },
          { name: 'more', type: 'Any', description: 'others' },
        ],
      },
      { name: 'E', head: 'class E', text: 'Went wrong.', arguments: [] },
    ]);
    expect(() => publicNames('__all__ = ["g"]')).toThrow('no definition of g');
  });
});

describe('pages of documents', () => {
  it('have every key of a schema, with what it may be', () => {
    const page = documentPage('x', {
      description: 'An x.',
      properties: {
        a: { type: 'integer', description: 'How many.' },
        b: { enum: ['p', 'q'] },
        c: { $ref: 'case.schema.json#/definitions/Part' },
      },
      required: ['a'],
      definitions: { Part: { anyOf: [{ const: true }, { type: 'array', items: { type: 'string' } }] } },
    });
    expect(page).toContain('| `a` | <span class="label">value: </span>integer | How many. |');
    expect(page).toContain('| `b` (optional) | <span class="label">value: </span>`"p"`, `"q"` |');
    expect(page).toContain('[Part](./case.md#part)');
    expect(page).toContain('## Part {#part}\n\n`true` or list of: string');
  });

  it('are there for every schema', () => {
    const texts = textsOf(documentSections());
    for (const name of ['result', 'failure', 'operator', 'capabilities'])
      expect(texts.get(`documents/${name}.md`)?.length).toBeGreaterThan(500);
  });
});

describe('links of Markdown files of the repository', () => {
  it('lead to the page of a file that has one, and name others', () => {
    expect(withLinks('[f](FINDINGS.md#a) [s](../spec/) [w](https://a.b) `[x](y)`', 'adapters/README.md')).toBe(
      '[f](./findings.md#a) [s](./spec-folder.md) [w](https://a.b) `[x](y)`',
    );
    expect(withLinks('[`f`](FINDINGS.md)', 'adapters/README.md')).toBe('[`f`](./findings.md)');
    expect(withLinks('[r](registry.ts)', 'adapters/README.md')).toContain('adapters/registry.ts');
  });

  it('to nothing are refused', () => {
    expect(() => withLinks('[x](nowhere.md)', 'adapters/README.md')).toThrow('adapters/README.md: no such file: nowhere.md');
  });
});

describe('links of the built site', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attn-docs-'));
    const write = (path: string, html: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), html);
    };
    write(
      'index.html',
      '<h1 id="top"></h1><a href="#top"></a><a href="/b/guide/"></a><a href="/b/guide/x.html#y&amp;z"></a><a href="https://a.b/c"></a>',
    );
    write('guide/index.html', '<a href="./x#no"></a><a href="../x.html"></a><img src="/c/p.svg"><img src="p.svg"><a href="#none"></a>');
    write('guide/x.html', '<h2 id="y&amp;z"></h2>');
    write('guide/p.svg', '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are held to its files and ids', () => {
    expect(brokenLinks(folder, '/b/')).toEqual({
      links: 8,
      broken: [
        'guide/index.html: ./x#no: no such anchor',
        'guide/index.html: ../x.html: no such file',
        'guide/index.html: /c/p.svg: no such file',
        'guide/index.html: #none: no such anchor',
      ],
    });
  });
});

describe('a failure as the README shows it', () => {
  it('is the first one that was printed, without its tensors', () => {
    const text = [
      'Failures',
      'fail a::softmax/full/oracle/f32 (value)',
      '  case      b=1',
      '  q          [1, 1] f32: [[1]]',
      '  expected o [1, 1, 2] f64: [[[1, 2]]]',
      '  worst     b=2',
      '  hint      because',
      '',
      'fail b::softmax/full/oracle/f32 (value)',
    ].join('\n');
    expect(failureOf(text)).toEqual(['fail a::softmax/full/oracle/f32 (value)', '  case      b=1', '  hint      because']);
    expect(failureOf('all passed')).toEqual([]);
  });
});

test.each(['paged', 'decode', 'GQA', 'KV cache'])('a search for %j finds the quick start of paged decode', (words) => {
  // the search of the site asks for every word, wherever it stands on a page
  expect(readFileSync(new URL('../../docs/quick-start/paged.md', import.meta.url), 'utf8')).toContain(words);
  expect(readFileSync(new URL('./.vitepress/config.ts', import.meta.url), 'utf8')).toContain("'/quick-start/paged'");
});
