import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import type { Page, Section } from './page.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Pages of what the package exports, from its declarations and their comments. @param folder where they are written, below which `api/` is made. */
export async function apiSections(folder: string): Promise<Section[]> {
  const out = join(folder, 'api');
  rmSync(out, { recursive: true, force: true });
  const application = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [here('../../dist/suites/index.d.ts'), here('../../dist/suites/vitest/index.d.ts')],
    tsconfig: here('./tsconfig.json'),
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    // what lies beside the pages is not its own to clean
    cleanOutputDir: false,
    out,
    readme: 'none',
    name: 'The package attention-cts',
    logLevel: 'Error',
    ...({
      router: 'module',
      entryFileName: 'index.md',
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      expandParameters: true,
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      propertyMembersFormat: 'table',
      enumMembersFormat: 'table',
    } as object),
  });
  const project = await application.convert();
  if (!project) throw new Error('typedoc could not read the declarations of the package: npm run build');
  await application.outputs.writeOutput({ name: 'markdown', path: out }, project);
  const pages: Page[] = readdirSync(out)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const text = readFileSync(join(out, file), 'utf8').replaceAll(/^(# |- \[)(index|vitest)$|^(- \[)(index|vitest)(\])/gm, named);
      return { path: `api/${file}`, name: /^# (.+)$/m.exec(text)?.[1] ?? file, text };
    });
  return [{ title: 'The package', pages }];
}

/** A module by the name under which it is imported, in place of that of its file. */
function named(_: string, heading = '', title = '', bullet = '', entry = '', end = ''): string {
  return `${heading}${bullet}${(title || entry) === 'index' ? 'attention-cts' : 'attention-cts/vitest'}${end}`;
}
