import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { quote } from '../../reports/text/replay-line.js';

const names = ['attn-cts', 'attention-cts'];

/** Folders that npm adds to PATH for its children; a user's shell does not have them. */
const ofNpm = /[\\/](node_modules[\\/]\.bin|node-gyp-bin)[\\/]*$/;

/** Start of a command line for this program: its name if on PATH, `npx`, or `node` and its path. */
export function ownCommand(main = process.argv[1] ?? '', folders = ancestors(process.cwd()), path = process.env.PATH ?? ''): string {
  const name = names.find((each) => path.split(delimiter).some((folder) => !ofNpm.test(folder) && isProgram(join(folder, each), main)));
  if (name !== undefined) return name;
  if (folders.some((folder) => existsSync(join(folder, 'node_modules', '.bin', 'attention-cts')) || isOurs(folder)))
    return 'npx attention-cts';
  if (/[\\/]_npx[\\/]/.test(main)) return 'npx attention-cts';
  return main === '' ? 'npx attention-cts' : `node ${quote(main)}`;
}

function ancestors(folder: string): string[] {
  const all = [resolve(folder)];
  for (let at = all[0]; dirname(at) !== at; at = dirname(at)) all.push(dirname(at));
  return all;
}

/** True if a file links to this program. On Windows, npm writes a .cmd script instead of a link. */
function isProgram(file: string, main: string): boolean {
  if (process.platform === 'win32') return existsSync(`${file}.cmd`);
  try {
    return realpathSync(file) === realpathSync(main);
  } catch {
    return false;
  }
}

function isOurs(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === 'attention-cts';
  } catch {
    return false;
  }
}
