/// <reference lib="dom" />

const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** One stop for the tab key in a large table; from there the arrow keys go from cell to cell. */
export function walkWithArrows(table: HTMLTableElement): void {
  const stops = () => table.querySelectorAll<HTMLElement>('tbody :is(a, button)');
  for (const [i, stop] of stops().entries()) stop.tabIndex = i === 0 ? 0 : -1;
  table.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    const from = (event.target as HTMLElement).closest<HTMLTableCellElement>('tbody :is(td, th)');
    if (!step || !from) return;
    event.preventDefault();
    const to = neighbour(table, from, step);
    if (!to) return;
    (event.target as HTMLElement).tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}

/** The next cell in this direction that has something to go to. */
function neighbour(
  table: HTMLTableElement,
  from: HTMLTableCellElement,
  [down, across]: readonly [number, number],
): HTMLElement | undefined {
  const rows = table.tBodies[0].rows;
  let row = (from.parentElement as HTMLTableRowElement).sectionRowIndex;
  let column = from.cellIndex;
  for (;;) {
    row += down;
    column += across;
    const cell = rows[row]?.cells[column];
    if (!cell) return undefined;
    const stop = cell.querySelector<HTMLElement>('a, button');
    if (stop) return stop;
  }
}
