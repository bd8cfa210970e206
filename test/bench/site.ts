import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteData } from '../../dist/reports/html/model.js';
import { writeSite } from '../../dist/reports/html/write-site.js';
import { largeResult, sourceOf } from '../reports/html/sources.js';

const size = { adapters: 20, checks: 2000 };

/** The report as a site: target under 10 s and 5 MB, pictures aside. */
export async function benchSite(): Promise<void> {
  const source = sourceOf(largeResult(size.adapters, size.checks));
  const folder = mkdtempSync(join(tmpdir(), 'attn-cts-bench-site-'));
  const site = join(folder, 'site');
  const begun = performance.now();
  await writeSite(site, 'dist/reports/html/served', siteData([source], { title: 'Large', made: new Date(0) }));
  const milliseconds = Math.round(performance.now() - begun);
  const bytes = readdirSync(site).reduce((sum, name) => sum + statSync(join(site, name)).size, 0);
  rmSync(folder, { recursive: true });
  console.log(`site over ${size.adapters} × ${size.checks} checks (target 10 s, 5 MB): ${milliseconds} ms, ${(bytes / 1e6).toFixed(1)} MB`);
}
