import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { katex } from '@mdit/plugin-katex';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { firstParagraph, searchedHtml, sharedAs } from '../site-head.js';

/** Sections that `npm run docs:generate` wrote, beside their pages. */
function generatedSections(): DefaultTheme.SidebarItem[] {
  const file = 'docs/reference/sidebar.json';
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run docs:generate`);
  return JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[];
}

const item = (text: string, link: string) => ({ text, link });

export default defineConfig({
  title: 'attention-cts',
  description:
    'A conformance suite for attention kernels: what a kernel computes, where it departs from the specification, and the smallest input that shows it.',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '../../docs',
  // their links lead into the repository: docs:generate copies them with links of the site
  srcExclude: ['contributing/**'],
  outDir: '../../docs-site',
  cacheDir: '../../node_modules/.cache/vitepress',
  // where the site is served from, such as /attention-cts/
  base: process.env.DOCS_BASE ?? '/',
  ignoreDeadLinks: false,
  metaChunk: true,
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    config(md) {
      // a formula that is none ends the build; what is written between its braces is no template
      const transformer = (html: string) => html.replace('<span class="katex"', '<span v-pre class="katex"');
      md.use(katex, { throwOnError: true, strict: 'error', logger: () => 'error', transformer });
    },
  },
  transformPageData(page, { siteConfig }) {
    const text = readFileSync(join(siteConfig.srcDir, page.relativePath), 'utf8');
    page.description = (page.frontmatter.description as string | undefined) ?? firstParagraph(text) ?? siteConfig.site.description;
    page.frontmatter.head = [...((page.frontmatter.head as []) ?? []), ...sharedAs(page.title || siteConfig.site.title, page.description)];
  },
  themeConfig: {
    // a name is meant as it is written, with all of its parts; one letter off is another name, but in long words
    search: {
      provider: 'local',
      options: {
        miniSearch: { searchOptions: { combineWith: 'AND', fuzzy: 0.1, prefix: true } },
        _render: (text, env, md) => searchedHtml(md.render(text, env), env.frontmatter?.title),
      },
    },
    outline: { level: [2, 3] },
    nav: [
      item('Quick start', '/quick-start/'),
      item('Gallery', '/reference/operators/'),
      item('Commands', '/reference/commands/'),
      item('Findings', '/reference/findings'),
    ],
    sidebar: [
      {
        text: 'Quick start',
        items: [
          item('Which kind is yours', '/quick-start/'),
          item('Python', '/quick-start/python'),
          item('Paged decode with GQA', '/quick-start/paged'),
          item('WGSL', '/quick-start/wgsl'),
          item('ONNX', '/quick-start/onnx'),
          item('C, C++, CUDA', '/quick-start/native'),
          item('TypeScript, JavaScript', '/quick-start/module'),
          item('Any process', '/quick-start/process'),
          item('Tests in C++ and Rust', '/quick-start/vectors'),
          item('In a browser', '/quick-start/browser'),
        ],
      },
      {
        text: 'Guide',
        items: [
          item('How should I choose my tolerances?', '/guide/tolerances'),
          item('How a verdict is reached', '/guide/verdict'),
          item('How strong it is', '/guide/strength'),
          item('What the definitions were held to', '/guide/sources'),
          item('Continuous integration', '/guide/ci'),
          item('Clusters', '/guide/clusters'),
          item('Schemes', '/guide/schemes'),
          item('Operators and masks of your own', '/guide/own-documents'),
          item('Where to add things', '/reference/contributing#where-to-add-things'),
          item('Glossary', '/guide/glossary'),
        ],
      },
      {
        text: 'Contracts',
        items: [
          item('Cases and tensors', '/contracts/cases'),
          item('Claims and dialects', '/contracts/claims'),
          item('Checks, verdicts, exit codes', '/contracts/verdicts'),
          item('Files', '/contracts/files'),
        ],
      },
      ...generatedSections(),
    ],
  },
});
