import { clip, plainLine } from '../../reports/text/plain-text.js';
import type { Progress } from '../runner/run/options.js';

/** Milliseconds between two updates of the live line, and between two plain lines. */
const redrawEvery = 100;
const lineEvery = 5000;
/** Largest number of characters of the text about what is being done. */
const longest = 200;

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Progress as one live line on a terminal; elsewhere a plain line now and then, so that a log shows progress. */
export class ProgressLine {
  private last = Number.NEGATIVE_INFINITY;
  private readonly started: number;
  private shown = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = () => performance.now(),
    /** Name of the units that are counted. */
    private readonly unit = 'checks',
  ) {
    this.started = now();
    if (!stream.isTTY) this.last = this.started;
  }

  update({ done, total, adapter, check, cases }: Progress): void {
    this.show(done, total, `${cases} cases`, `${adapter}::${check}`);
  }

  /** Shows progress. @param soFar figures of the work so far, or empty. @param current what is being done. */
  show(done: number, total: number, soFar: string, current: string): void {
    const time = this.now();
    if (time - this.last < (this.stream.isTTY ? redrawEvery : lineEvery)) return;
    this.last = time;
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const seconds = `${Math.round((time - this.started) / 1000)} s`;
    const text = [`${percent} %`, `${done}/${total} ${this.unit}`, soFar, seconds, plainLine(clip(current, longest))]
      .filter((part) => part !== '')
      .join('  ');
    if (this.stream.isTTY) this.stream.write(`\r\x1b[2K${text.slice(0, (this.stream.columns ?? 80) - 1)}`);
    else this.stream.write(`${text}\n`);
    this.shown = true;
  }

  /** Clears the live line. */
  end(): void {
    if (this.shown && this.stream.isTTY) this.stream.write('\r\x1b[2K');
    this.shown = false;
  }
}
