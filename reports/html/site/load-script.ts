/// <reference lib="dom" />
import { element } from './dom.js';

const loading = new Map<string, Promise<void>>();

/** Loads a script once, which also works on a disk. @throws {Error} if it is missing. */
export function loadScript(file: string): Promise<void> {
  const known = loading.get(file);
  if (known) return known;
  const loaded = new Promise<void>((done, fail) => {
    const script = element('script', { src: file });
    script.addEventListener('load', () => done());
    script.addEventListener('error', () => {
      loading.delete(file);
      fail(new Error(`${file} is not beside this page, or could not be read. Copy the whole folder of the report.`));
    });
    document.head.append(script);
  });
  loading.set(file, loaded);
  return loaded;
}
