import type { SiteData } from './site-data.js';

/** Returns the site's data as classic scripts, which pages opened from a disk can load. */
export function dataScripts({ index, parts }: SiteData): Record<string, string> {
  const { implementations, ...single } = parts;
  const named = [...Object.entries(single), ...implementations.map((details, i): [string, unknown] => [`implementation-${i}`, details])];
  return {
    'data.js': `window.attentionCtsReport = ${scriptJson(index)};\nwindow.attentionCtsParts = {};\n`,
    ...Object.fromEntries(named.map(([name, part]) => [`data/${name}.js`, `window.attentionCtsParts["${name}"] = ${scriptJson(part)};\n`])),
  };
}

/** Escapes JSON so that it cannot end the script or the line. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
