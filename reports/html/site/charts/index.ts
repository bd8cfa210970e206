// Charts by Observable Plot, in a separate script (charts.js) that only pages with charts load.

export { errorChart } from './error-chart.js';
export { linePanels } from './line-panels.js';
export { drawPicture } from './picture.js';
export { ratioChart } from './ratio-chart.js';
