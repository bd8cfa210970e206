import { type Grid, gridSvg, round } from '../../mask/print/grid.js';

/** SVG of a grid whose cells fade with their numbers. @param cells in [0, 1], row by row. */
export function cellsSvg(grid: Grid, cells: ArrayLike<number>): string {
  return gridSvg(grid, (size) =>
    Array.from(cells, (value, at) => {
      if (value === 0) return [];
      const [i, j] = [Math.floor(at / grid.columns), at % grid.columns];
      const [left, right, top, bottom] = [j, j + 1, i, i + 1].map((edge) => round(edge * size));
      const opacity = Math.round(value * 1000) / 1000;
      return [
        `<rect x="${left}" y="${top}" width="${round(right - left)}" height="${round(bottom - top)}" fill-opacity="${opacity}" shape-rendering="crispEdges"/>`,
      ];
    }).flat(),
  );
}
