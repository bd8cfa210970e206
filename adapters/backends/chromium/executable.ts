import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Unavailable } from '../../kernel.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Finds a browser with WebGPU: CHROME_PATH, or the first installed. @throws {Unavailable} */
export function findChromium(own: string, environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { CHROME_PATH: named, PATH: path = '' } = environment;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Unavailable(`CHROME_PATH names ${named}, which cannot be executed`, 'set CHROME_PATH to the path of a Chromium, or unset it');
  }
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const found = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), own, ...installed].find(isExecutable);
  if (found !== undefined) return found;
  throw new Unavailable('no Chromium was found', 'apt install chromium, or set CHROME_PATH to the path of one');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
}
