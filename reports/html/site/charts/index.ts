// What is drawn with Observable Plot: a script of its own (charts.js), which pages without a chart do not load.

export { errorChart } from './error-chart.js';
export { linePanels } from './line-panels.js';
export { drawPicture } from './picture.js';
export { ratioChart } from './ratio-chart.js';
