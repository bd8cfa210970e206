import { compiledFile } from '../../../adapters/system/compiled-file.js';
import type { SiteData } from '../../../reports/html/site-data.js';
import { writeSite as write } from '../../../reports/html/write-site.js';

/** Writes a site with the page files as built: they are bundled. */
export async function writeSite(folder: string, data: SiteData): Promise<void> {
  await write(folder, compiledFile('reports/html/served'), data);
}
