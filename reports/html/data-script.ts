import type { SiteData } from './site-data.js';

/** The data as a classic script: JSON in which nothing can end the script, or the line. */
export function dataScript(data: SiteData): string {
  const json = JSON.stringify(data).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `window.attentionCtsReport = ${json};\n`;
}
