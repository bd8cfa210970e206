import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageDocument from '../../package.json' with { type: 'json' };
import type { Page, Section } from './page.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files of the repository that are pages of the site as they are, by their place below `docs/reference`. */
const pages: Readonly<Record<string, { readonly file: string; readonly name: string }>> = {
  'findings.md': { file: 'adapters/FINDINGS.md', name: 'Findings' },
  'process-protocol.md': { file: 'adapters/backends/process/README.md', name: 'Process protocol' },
  'native-manifest.md': { file: 'adapters/backends/native/README.md', name: 'Native manifests' },
  'wgsl-manifest.md': { file: 'adapters/backends/wgsl/README.md', name: 'WGSL manifests' },
  'wgsl-bindings.md': { file: 'suites/init/templates/wgsl/README.md', name: 'WGSL bindings and expressions' },
  'python-schemes.md': { file: 'adapters/backends/python/README.md', name: 'Python: a scheme with a state' },
  'projects.md': { file: 'adapters/projects/README.md', name: 'Projects of others' },
  'adapters-folder.md': { file: 'adapters/README.md', name: 'adapters/' },
  'spec-folder.md': { file: 'spec/README.md', name: 'spec/' },
  'generators-folder.md': { file: 'generators/README.md', name: 'generators/' },
  'suites-folder.md': { file: 'suites/README.md', name: 'suites/' },
  'reports-folder.md': { file: 'reports/README.md', name: 'reports/' },
  'life-of-a-case.md': { file: 'docs/contributing/life-of-a-case.md', name: 'The life of a case' },
  'contributing.md': { file: 'CONTRIBUTING.md', name: 'Contributing' },
  'security.md': { file: 'SECURITY.md', name: 'Security' },
  'changelog.md': { file: 'CHANGELOG.md', name: 'Changelog' },
};

/** Address of the repository, without a slash at its end; undefined where package.json names none. */
const address = (packageDocument as { repository?: { url?: string } }).repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '');

/** Pages of the repository's own Markdown files. */
export function repositorySections(): Section[] {
  const copies: Page[] = Object.entries(pages).map(([path, { file, name }]) => ({
    path,
    name,
    text: withLinks(readFileSync(`${root}${file}`, 'utf8'), file),
  }));
  const named = (...paths: string[]) => copies.filter(({ path }) => paths.includes(path));
  return [
    { title: 'Findings', pages: named('findings.md') },
    {
      title: 'Protocol and manifests',
      pages: named('process-protocol.md', 'native-manifest.md', 'wgsl-manifest.md', 'wgsl-bindings.md', 'python-schemes.md', 'projects.md'),
    },
    {
      title: 'The repository',
      pages: copies.filter(
        ({ path }) => path.endsWith('-folder.md') || ['contributing.md', 'life-of-a-case.md', 'security.md', 'changelog.md'].includes(path),
      ),
    },
  ];
}

/** A fence, a link, whose words may be code, or code. */
const codeOrLink = /^```[\s\S]*?^```|(!?)\[((?:`[^`\n]+`|[^\]`])*)\]\(([^)\s]+)\)|`[^`\n]+`/gm;

/**
 * Text of a Markdown file of the repository whose relative links lead to the site's pages or, where it has no such page, to the repository.
 * @param file its path in the repository. @throws {Error} if a link names a file that is not there.
 */
export function withLinks(text: string, file: string): string {
  return text.replaceAll(codeOrLink, (all, image?: string, words?: string, to?: string) =>
    words === undefined ? all : linkTo(image as string, words, to as string, file),
  );
}

function linkTo(image: string, words: string, to: string, file: string): string {
  if (/^(https?:|mailto:|#)/.test(to)) return `${image}[${words}](${to})`;
  const [path, anchor] = to.split('#');
  const target = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
  if (!existsSync(`${root}${target}`)) throw new Error(`${file}: no such file: ${to}`);
  const own = Object.entries(pages).find(([, page]) => page.file === target || page.file === `${target}/README.md`);
  if (own) return `${image}[${words}](./${own[0]}${anchor === undefined ? '' : `#${anchor}`})`;
  // without an address there is nothing to lead to: the path is said
  return address === undefined ? `${words} (\`${target}\`)` : `${image}[${words}](${address}/blob/HEAD/${target})`;
}
