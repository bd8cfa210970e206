import type { SiteData } from '../../../reports/html/site-data.js';

const built: string = new URL('../../../dist/reports/html/write-site.js', import.meta.url).href;

/** As built: what writes a site takes its pages from beside it, and those are bundled. */
export async function writeSite(folder: string, data: SiteData): Promise<void> {
  const { writeSite: write } = (await import(built)) as typeof import('../../../reports/html/write-site.js');
  await write(folder, data);
}
