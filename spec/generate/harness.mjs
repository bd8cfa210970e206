// One file of the Python harness, to copy beside a kernel, from the modules of the package.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = 'adapters/backends/python/package/attn_cts/harness';
const read = (name) => readFileSync(join(root, folder, `${name}.py`), 'utf8');

/** The harness as one file, by its path. */
export const harness = { 'adapters/backends/python/attn_cts.py': oneFile() };

function oneFile() {
  const [, docstring, rest] = /^("""[\s\S]*?""")\n([\s\S]*)$/.exec(read('__init__'));
  const modules = inOrder(rest).map((name) => part(read(name)));
  requireDistinct(modules.map(({ body }) => body));
  const names = /^__all__ = \[[\s\S]*?^\]$/m.exec(rest)[0].replace(/\s+/g, ' ').replace('[ ', '[').replace(', ]', ']');
  const imports = [...new Set(modules.flatMap(({ imports }) => imports))];
  const plain = imports.filter((line) => line.startsWith('import ') && !line.includes('numpy')).sort();
  const sections = modules.map(
    ({ title, body }) =>
      `${`# --- ${title} `.padEnd(139, '-')}\n\n${body.startsWith('@') || /^(def|class) /.test(body) ? '\n' : ''}${body}`,
  );
  return `# Generated from the modules of ${folder} by \`npm run build\`: one file to copy.
${docstring}

from __future__ import annotations

${[...plain, ...merged(imports)].join('\n')}

${imports.filter((line) => line.includes('numpy')).join('\n')}

${names}

${sections.join('\n\n\n')}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
`;
}

/** In one file the names of the modules meet. @throws {Error} where two of them define the same. */
function requireDistinct(bodies) {
  const seen = new Set();
  for (const body of bodies)
    for (const name of new Set([...body.matchAll(/^(?:(?:def|class) )?(\w+)(?:\(|: [^=\n]*= | = |:$)/gm)].map(([, found]) => found))) {
      if (seen.has(name)) throw new Error(`${folder}: two modules define ${name}`);
      seen.add(name);
    }
}

/** The modules that a text imports, each after those that it needs itself. */
function inOrder(text, found = []) {
  for (const [, name] of text.matchAll(/^from \.(\w+) import /gm)) {
    if (found.includes(name)) continue;
    inOrder(read(name), found);
    found.push(name);
  }
  return found;
}

/** A module without its docstring and its imports of the others. */
function part(text) {
  const [, title, after] = /^"""([\s\S]*?)\.?"""\n([\s\S]*)$/.exec(text);
  const lines = after.split('\n');
  const isImport = (line) => /^(import|from) /.test(line);
  const begin = lines.findIndex((line) => line !== '' && !isImport(line) && line !== '_own_files.add(__file__)');
  const head = lines.slice(0, begin).filter(isImport);
  return {
    title: title.replace(/^./, (first) => first.toLowerCase()),
    imports: head.filter((line) => !/^from (\.|__future__)/.test(line)),
    body: lines.slice(begin).join('\n').trim(),
  };
}

/** `from x import a` and `from x import b` as one line. */
function merged(imports) {
  const names = new Map();
  for (const line of imports) {
    const [, module, list] = /^from (\S+) import (.*)$/.exec(line) ?? [];
    if (module) names.set(module, new Set([...(names.get(module) ?? []), ...list.split(', ')]));
  }
  return [...names].sort().map(([module, list]) => `from ${module} import ${[...list].sort().join(', ')}`);
}
