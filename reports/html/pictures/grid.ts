/** Maximum number of rows and of columns of a picture. */
export const most = 48;

/** Returns part `place` of [0, size) cut into `parts`. */
function cut(place: number, parts: number, size: number): { start: number; end: number } {
  return { start: Math.floor((place * size) / parts), end: Math.floor(((place + 1) * size) / parts) };
}

/** Shrinks a grid; `cell` returns the character for rows [top, bottom), columns [left, right). */
export function drawGrid(
  rows: number,
  columns: number,
  cell: (top: number, bottom: number, left: number, right: number) => string,
): { rows: number; columns: number; of: [number, number]; cells: string } {
  const down = Math.min(rows, most);
  const across = Math.min(columns, most);
  let cells = '';
  for (let i = 0; i < down; i++) {
    const { start: top, end: bottom } = cut(i, down, rows);
    for (let j = 0; j < across; j++) {
      const { start: left, end: right } = cut(j, across, columns);
      cells += cell(top, bottom, left, right);
    }
  }
  return { rows: down, columns: across, of: [rows, columns], cells };
}
