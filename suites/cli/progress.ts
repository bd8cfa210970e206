import { clip, plainLine } from '../../reports/text/plain-text.js';
import type { Progress } from '../runner/run/options.js';

/** Milliseconds between updates of the live line, and between plain lines. */
const redrawEvery = 100;
const lineEvery = 10_000;
const longest = 200;

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const telling = 5;

/** Progress: a live line on a terminal; elsewhere a plain line every 10 seconds. */
export class ProgressLine {
  private last = Number.NEGATIVE_INFINITY;
  private started: number;
  private before = 0;
  private shown = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = () => performance.now(),
    private readonly unit = 'checks',
  ) {
    this.started = now();
    if (!stream.isTTY) this.last = this.started;
  }

  update({ done, total, failed, adapter, check }: Progress): void {
    if (this.before === 0 && done > 0) this.last = Number.NEGATIVE_INFINITY;
    this.before = done;
    this.show(done, total, `${failed} failed`, `${adapter}::${check}`);
  }

  show(done: number, total: number, soFar: string, current: string): void {
    const time = this.now();
    if (time - this.last < (this.stream.isTTY ? redrawEvery : lineEvery)) return;
    this.last = time;
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const passed = (time - this.started) / 1000;
    const text = [
      `${percent} %`,
      `${done}/${total} ${this.unit}`,
      soFar,
      `${Math.round(passed)} s${restOf(done, total, passed)}`,
      plainLine(clip(current, longest)),
    ];
    const line = text.filter((part) => part !== '').join('  ');
    if (this.stream.isTTY) this.stream.write(`\r\x1b[2K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    else this.stream.write(`${line}\n`);
    this.shown = true;
  }

  /** Restarts the clock, so that the pace excludes earlier work like starting adapters. */
  restart(): void {
    this.started = this.now();
  }

  note(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }

  end(): void {
    if (this.shown && this.stream.isTTY) this.stream.write('\r\x1b[2K');
    this.shown = false;
  }
}

function restOf(done: number, total: number, passed: number): string {
  if (done < telling || done >= total) return '';
  const seconds = (passed / done) * (total - done);
  const rounded = seconds < 10 ? Math.ceil(seconds) : 5 * Math.round(seconds / 5);
  return `, about ${rounded < 120 ? `${rounded} s` : `${Math.round(rounded / 60)} min`} left`;
}
