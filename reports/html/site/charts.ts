/// <reference lib="dom" />
import type * as Charts from './charts/index.js';
import { loadScript } from './load-script.js';

declare global {
  interface Window {
    /** Defined by charts.js. */
    attentionCtsCharts?: typeof Charts;
  }
}

/** Loads the script that draws charts and pictures. */
export async function loadCharts(): Promise<typeof Charts> {
  await loadScript('charts.js');
  return window.attentionCtsCharts as typeof Charts;
}
