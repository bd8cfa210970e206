import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiSections } from './api.js';
import { commandSections } from './commands.js';
import { documentSections } from './documents.js';
import { listSections } from './lists.js';
import { maskSections } from './masks.js';
import { modelSections } from './models.js';
import { operatorSections } from './operators.js';
import { withHead, write } from './page.js';
import { pythonSection } from './python.js';
import { repositorySections } from './repository.js';
import { schemeSections } from './schemes.js';

/** Writes the pages of the site that follow from documents, options, schemas and declarations, and the sidebar that lists them: `docs/reference`. */
const folder = fileURLToPath(new URL('../../docs/reference', import.meta.url));
rmSync(folder, { recursive: true, force: true });
const [findings, protocol, repository] = repositorySections();
const commands = commandSections();
const python = pythonSection();
const lists = listSections();
const documents = documentSections();
const schemes = schemeSections(folder);
const api = await apiSections(folder);
const masks = await maskSections(folder);
const operators = await operatorSections(folder);
const sections = [
  ...commands,
  ...modelSections(),
  ...operators,
  ...masks,
  ...schemes,
  ...lists,
  python,
  ...api,
  protocol,
  ...documents,
  findings,
  repository,
];
for (const page of sections.flatMap(({ pages }) => pages)) write(folder, page.path, withHead(page));
const sidebar = sections.map(({ title, pages }) => ({
  text: title,
  collapsed: true,
  items: pages.map(({ path, name }) => ({ text: name, link: `/reference/${path.replace(/(index)?\.md$/, '')}` })),
}));
write(folder, 'sidebar.json', JSON.stringify(sidebar));
console.log(`${sections.flatMap(({ pages }) => pages).length} pages in ${join('docs', 'reference')}`);
