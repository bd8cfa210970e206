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

/** What a page shows where a link to it is posted. */
export function sharedAs(title: string, description: string): [string, Record<string, string>][] {
  const properties = { 'og:title': title, 'og:description': description, 'og:type': 'article' };
  return Object.entries(properties).map(([property, content]) => ['meta', { property, content }]);
}
