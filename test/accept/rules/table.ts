/** Verdicts of one judge on the kernels with one number of keys. */
export interface Cell {
  readonly n: number;
  /** Titles of the faults that the judge found. */
  readonly found: ReadonlySet<string>;
  /** True if the judge rejected the correct kernel. */
  readonly alarm: boolean;
}

/** Line of the table for one judge. */
export interface Line {
  /** Name of the judge, in Markdown. */
  readonly judge: string;
  readonly cells: readonly Cell[];
}

/** Table in Markdown: a line per judge, a column per number of keys, the faults as letters. @param faults their titles, in order. */
export function tableOf(lines: readonly Line[], faults: readonly string[]): string {
  const lengths = lines[0].cells.map((cell) => `N = ${number(cell.n)}`);
  const rows = lines.map(({ judge, cells }) => [judge, ...cells.map((cell) => foundIn(cell, faults)), alarmsIn(cells)]);
  return [
    `Faults: ${faults.map((title, i) => `**${letter(i)}** ${title}`).join(', ')}.`,
    '',
    row(['found by', ...lengths, 'false alarms']),
    row(['---', ...lengths.map(() => '---'), '---']),
    ...rows.map(row),
  ].join('\n');
}

/** Description of a cell in words, for a log. */
export function describe({ found, alarm }: Cell, faults: readonly string[]): string {
  const missed = faults.filter((title) => !found.has(title));
  const count = `${faults.length - missed.length} of ${faults.length} found`;
  return `${count}${missed.length > 0 ? `, missed: ${missed.join(', ')}` : ''}${alarm ? '; FALSE ALARM' : ''}`;
}

function foundIn({ found }: Cell, faults: readonly string[]): string {
  const missed = faults.flatMap((title, i) => (found.has(title) ? [] : [letter(i)]));
  const count = `${faults.length - missed.length}/${faults.length}`;
  return missed.length === 0 || missed.length === faults.length ? count : `${count}, not ${missed.join(' ')}`;
}

function alarmsIn(cells: readonly Cell[]): string {
  const alarms = cells.filter((cell) => cell.alarm);
  return alarms.length === 0 ? 'none' : `at N = ${alarms.map((cell) => number(cell.n)).join(', ')}`;
}

function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
