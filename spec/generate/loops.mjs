// Makes spec/matrix/compiled-loops.ts from assembly/loops.ts: WebAssembly, as a module that Node and browsers load like any other.
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './root.mjs';

const source = 'spec/matrix/assembly/loops.ts';
const flags = ['--optimizeLevel', '3', '--runtime', 'stub', '--enable', 'simd', '--noAssert'];

async function compiled() {
  let code;
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', 'loops.wasm', ...flags], {
    writeFile(_name, contents) {
      code = contents;
    },
  });
  if (error) throw new Error(`${join(root, source)}: ${stderr.toString()}`);
  return Buffer.from(code).toString('base64');
}

export const loops = {
  'spec/matrix/compiled-loops.ts': `// Generated from spec/matrix/assembly by \`npm run generate\`. Do not edit.
/** The loops in WebAssembly, in base64. */
export const bytes = '${await compiled()}';
`,
};
