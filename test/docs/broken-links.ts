import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

/**
 * Holds the links of a folder of HTML pages to its files and the ids in them. Links to other sites are left alone.
 * @param base path that the site is served from. @returns how many links there are, and the broken ones with their pages.
 */
export function brokenLinks(folder: string, base = '/'): { links: number; broken: string[] } {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  const read = new Map(pages.map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]));
  const ids = new Map([...read].map(([page, html]) => [page, new Set(matches(html, /\sid="([^"]+)"/g))]));
  let links = 0;
  const broken: string[] = [];
  for (const [page, html] of read) {
    for (const link of matches(html, /\s(?:href|src)="([^"]+)"/g)) {
      if (/^(?:[a-z]+:|\/\/)/i.test(link)) continue;
      links += 1;
      const [path, anchor] = decodeURI(link).split('#');
      const file = path === '' ? page : fileOf(folder, page, path, base);
      const target = file === undefined ? undefined : ids.get(file);
      if (file === undefined) broken.push(`${page}: ${link}: no such file`);
      else if (anchor && target && !target.has(anchor)) broken.push(`${page}: ${link}: no such anchor`);
    }
  }
  return { links, broken: [...new Set(broken)] };
}

function matches(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, text]) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'"));
}

/** The file that a path of a page leads to, by its place in the folder. */
function fileOf(folder: string, page: string, path: string, base: string): string | undefined {
  if (path.startsWith('/') && !path.startsWith(base)) return undefined;
  const full = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path);
  const candidates = [full, `${full}.html`, posix.join(full, 'index.html')];
  return candidates
    .map((candidate) => posix.normalize(candidate))
    .find((candidate) => existsSync(join(folder, candidate)) && statSync(join(folder, candidate)).isFile() && isInside(folder, candidate));
}

function isInside(folder: string, file: string): boolean {
  return !relative(folder, join(folder, file)).startsWith('..');
}
