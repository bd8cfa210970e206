import { fileURLToPath } from 'node:url';
import { brokenLinks } from './broken-links.js';

/** Ends with exit code 1 if a link of the built site, or its anchor, leads nowhere. VitePress itself looks at pages of Markdown links alone. */
const { links, broken } = brokenLinks(fileURLToPath(new URL('../../docs-site', import.meta.url)), process.env.DOCS_BASE ?? '/');
for (const line of broken) console.error(line);
console.log(`${links} links of the site, ${broken.length} broken`);
if (broken.length > 0) process.exitCode = 1;
else console.log('The site is in docs-site/. To look at it: npx vitepress preview test/docs');
