import { join } from 'node:path';
import { findPython } from '../../../adapters/backends/python/interpreter.js';
import { quote } from '../../../reports/text/replay-line.js';
import { type InitKindName, initKindNames, initKinds } from '../../init/kinds.js';
import { writeTemplates } from '../../init/template.js';
import { exitCodes } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';

export interface InitFlags {
  readonly kind?: InitKindName;
  readonly skill?: boolean;
}

/** Runs `attn-cts init [DIR]`. @returns the exit code. */
export async function initAction(folder: string, { kind, skill = false }: InitFlags): Promise<number> {
  if (skill) {
    if (kind) throw new UsageError('--skill: takes no --kind; leave it out');
    const [path] = writeTemplates([{ kind: 'skill', folder }]);
    process.stdout.write(`wrote ${path}\n\nAn agent that reads it knows when to check a kernel, how, and what not to do.\n`);
    return exitCodes.passed;
  }
  const placements = kind ? [{ kind, folder }] : initKindNames.map((each) => ({ kind: each, folder: join(folder, each) }));
  const written = writeTemplates(placements);
  const sources = await Promise.all(placements.map(adapterOf));
  const [it, its] = sources.length === 1 ? ['The kernel conforms', 'it'] : ['Each kernel conforms', 'one'];
  process.stdout.write(`${written.map((path) => `wrote ${path}\n`).join('')}
${it} as it is. Replace ${its} with your own, change the capabilities to what yours supports, and run:

${sources.map((source) => `  npx attention-cts run --adapter ${quote(source)}\n`).join('')}`);
  return exitCodes.passed;
}

async function adapterOf({ kind, folder }: { readonly kind: InitKindName; readonly folder: string }): Promise<string> {
  const words = kind === 'process' ? quote : (path: string) => path;
  return initKinds[kind].adapter((file) => words(join(folder, file)), words(kind === 'process' ? await pythonWithNumpy() : ''));
}

/** Finds a Python with NumPy, else `python3`: the kernel then reports the missing package. */
async function pythonWithNumpy(): Promise<string> {
  return findPython(['numpy']).catch(() => 'python3');
}
