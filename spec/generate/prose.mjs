// Counts noun-pronouns in comments of TypeScript: "what comes out", "those that", "nothing of", "of which". A sentence that names its noun is read once.
// At most `mostOverall` in 1,000 words over the tree, and `mostOfFile` in one file. With --list, prints every comment that has one.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mostOverall = 5;
const mostOfFile = 15;
/** Words of a comment below which one pronoun is no habit. */
const fewWords = 100;
const pronouns = /\b(?:what|those|others|such(?! as| an? )|whose|nothing|of which|where there (?:is|are|was))\b/gi;

/** Text of the comments of a file, without tags, code and addresses. */
function commentsOf(text) {
  const found = text.matchAll(/\/\*\*?([\s\S]*?)\*\/|(?:^|[\s;{}(),])\/\/ ?(.*)$/gm);
  return [...found]
    .map(([, block, line]) => (block ?? line).replaceAll(/^\s*\* ?/gm, ' '))
    .map((comment) => comment.replaceAll(/`[^`]*`|https?:\S+/g, 'x'));
}

const files = ['spec', 'generators', 'adapters', 'suites', 'reports'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .map((file) => join(room, file))
    .filter((file) => file.endsWith('.ts') && !/^(spec\/types|suites\/init\/templates)\//.test(file)),
);
let [words, hits] = [0, 0];
const problems = [];
for (const file of files) {
  const comments = commentsOf(readFileSync(join(root, file), 'utf8'));
  const own = comments.join(' ').match(/[\w'’-]+/g)?.length ?? 0;
  const found = comments.flatMap((comment) => [...comment.matchAll(pronouns)].map(() => comment.trim().replaceAll(/\s+/g, ' ')));
  words += own;
  hits += found.length;
  if (found.length / Math.max(own, fewWords) > mostOfFile / 1000) problems.push(`${relative('.', file)}: ${found.length} in ${own} words`);
  if (process.argv.includes('--list')) for (const comment of found) console.log(`${file}: ${comment}`);
}
const rate = (hits / words) * 1000;
if (rate > mostOverall) problems.push(`${rate.toFixed(1)} noun-pronouns in 1,000 words of comments over the tree; at most ${mostOverall}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0)
  console.error('name the noun instead of "what", "those", "others", "such", "whose" or "nothing" (CONTRIBUTING: prose)');
process.exitCode = problems.length > 0 ? 1 : 0;
