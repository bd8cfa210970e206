import { markdownTable } from 'markdown-table';

const elsewhere = 'they are in the result document.';

/** Joins the first blocks up to `bytes`, and a line on the number of omitted blocks. */
export function bounded(blocks: readonly string[], bytes: number, what: string, separator = '\n'): string {
  const kept = fitting(blocks, bytes);
  const left = blocks.length - kept.length;
  return [...kept, ...(left > 0 ? [`\n… and ${left} more ${what}: ${elsewhere}`] : [])].join(separator);
}

/** Makes a table of the first rows up to `bytes`. @param align alignment by column, l or r. */
export function boundedTable(head: readonly string[], rows: readonly (readonly string[])[], align: string, bytes: number): string {
  if (rows.length === 0) return '';
  const kept = rows.slice(
    0,
    fitting(
      rows.map((row) => row.join(' | ')),
      bytes,
    ).length,
  );
  const table = markdownTable([head, ...kept], { align: [...align], alignDelimiters: false });
  return kept.length === rows.length ? table : `${table}\n\n… and ${rows.length - kept.length} more rows: ${elsewhere}`;
}

function fitting(blocks: readonly string[], bytes: number): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const block of blocks) {
    // room for separators
    size += Buffer.byteLength(block) + 8;
    if (size > bytes) break;
    kept.push(block);
  }
  return kept;
}
