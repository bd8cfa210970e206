/** Fault in a document: the document, the path, the value found, the values allowed. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  constructor(
    readonly document: string,
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${document}: at ${path}: ${problem}`);
  }
}

const longestKey = 80;

/** Writes keys and indexes, root first, as a JSON path: $.dims["a b"][3]. */
export function jsonPath(steps: readonly (string | number)[]): string {
  const written = steps.map((step) => {
    const key = String(step);
    if (/^\d{1,16}$/.test(key)) return `[${key}]`;
    if (key.length > longestKey) return `[${JSON.stringify(`${key.slice(0, longestKey)}…`)}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return `$${written.join('')}`;
}
