/// <reference lib="dom" />

const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Makes a table one tab stop, with arrow keys between cells. */
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

/** Returns the next link or button in the row, or in the next row that has one. */
function neighbour(
  table: HTMLTableElement,
  from: HTMLTableCellElement,
  [down, across]: readonly [number, number],
): HTMLElement | undefined {
  const rows = table.tBodies[0].rows;
  const start = (from.parentElement as HTMLTableRowElement).sectionRowIndex;
  const stop = (place: Element | undefined) => place?.querySelector<HTMLElement>('a, button') ?? undefined;
  for (let row = start + down; down !== 0 && rows[row]; row += down) {
    const found = stop(rows[row].cells[from.cellIndex]) ?? stop(rows[row]);
    if (found) return found;
  }
  for (let column = from.cellIndex + across; across !== 0 && rows[start].cells[column]; column += across) {
    const found = stop(rows[start].cells[column]);
    if (found) return found;
  }
  return undefined;
}
