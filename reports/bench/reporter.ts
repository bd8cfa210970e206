import type { Bench } from '../../spec/types/documents.js';

/** Bench document and its file. */
export interface BenchSource {
  readonly file: string;
  readonly bench: Bench;
}

/** Formats bench documents as one text. @param title heading, where the format has one. */
export type BenchReport = (sources: readonly BenchSource[], title: string) => string;
