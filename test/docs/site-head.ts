/** Longest description of a page, in characters: lists of search results cut what is longer. */
const LONGEST = 300;

/** The first paragraph of a page as plain text, cut between words; undefined if it has none. */
export function firstParagraph(markdown: string): string | undefined {
  const body = markdown.replace(/^---\n[\s\S]*?\n---\n/, '').replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1/gm, '');
  const found = body.split(/\n{2,}/).find((part) => /^[\p{L}\p{N}`*[(]/u.test(part.trim()) && !/^\s*(?:[-*]|\d+\.) /.test(part));
  if (found === undefined) return undefined;
  const text = found
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll(/[`*]|\s*<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/:$/, '.')
    .trim();
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/\s\S*$/, '')} …`;
}

/** A page as the search of the site reads it: its heading is its title, with all names, and a formula is there for eyes alone. */
export function searchedHtml(html: string, title: string | undefined): string {
  const once = html.replaceAll(/<span class="katex-mathml">.*?<\/span>/gs, '');
  if (title === undefined) return once;
  const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return once.replace(/(<h1[^>]*>)[^<]*/, (_, open) => `${open}${text} `);
}

/** Open Graph tags, which a posted link to a page is shown with. */
export function sharedAs(title: string, description: string): [string, Record<string, string>][] {
  const properties = { 'og:title': title, 'og:description': description, 'og:type': 'article' };
  return Object.entries(properties).map(([property, content]) => ['meta', { property, content }]);
}
