// Compiles assembly/loops.ts to WebAssembly and writes its bytes as a module, which a browser loads like any other.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const source = 'spec/matrix/assembly/loops.ts';
const flags = ['--optimizeLevel', '3', '--runtime', 'stub', '--enable', 'simd', '--noAssert'];

/** Writes compiled-loops.js, unless it is there already and made of the same source. */
export async function buildLoops() {
  const written = 'spec/matrix/compiled-loops.js';
  const made = `// from ${createHash('sha256').update(readFileSync(source)).update(flags.join()).digest('hex')}\n`;
  if (existsSync(written) && readFileSync(written, 'utf8').startsWith(made)) return;
  const { default: asc } = await import('assemblyscript/asc');
  let code;
  const { error, stderr } = await asc.main([source, '--outFile', 'loops.wasm', ...flags], {
    writeFile(_name, contents) {
      code = contents;
    },
  });
  if (error) throw new Error(`${source}: ${stderr.toString()}`);
  writeFileSync(written, `${made}export const bytes = '${Buffer.from(code).toString('base64')}';\n`);
}
