import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { Result } from '../../../spec/types/documents.js';
import { readCorpus } from '../../../suites/plan/corpus/read-corpus.js';
import { saveFailures } from '../../../suites/plan/corpus/save-failures.js';
import { asksAll } from '../../some.js';
import { runKernels, scratch } from './run-kernels.js';

const library = createLibrary();
const only = ({ checks }: Result) => checks[0];

test.skipIf(asksAll)('what one kernel fails is kept, and tried first of this and of every other', async () => {
  const [out, folder] = [scratch(), scratch()];
  const found = await runKernels(['nan'], { out });
  expect(only(found).verdict).toBe('fail');
  expect(saveFailures(folder, out, found)).toEqual(readdirSync(folder));
  const corpus = readCorpus(folder, library);
  expect(corpus.map((e) => e.failure.case)).toEqual([only(found).failure?.case]);

  // its own cases would not have shown it: it is the first of them that does
  const again = await runKernels(['nan'], { corpus, seed: 9, runs: 1 });
  expect(only(again)).toMatchObject({ verdict: 'fail', cases: 1, failure: { case: corpus[0].failure.case, reproduced: 5 } });
  const other = await runKernels(['correct'], { corpus });
  expect(only(other)).toMatchObject({ verdict: 'pass', cases: 15 });
});

test.skipIf(!asksAll)('a run is not gone on with under another corpus', async () => {
  const [out, folder] = [scratch(), scratch()];
  saveFailures(folder, out, await runKernels(['nan'], { out }));
  const corpus = readCorpus(folder, library);
  await expect(runKernels(['nan'], { out, corpus, resume: true })).rejects.toThrow('another plan');
  await runKernels(['nan'], { out, corpus });
  expect(only(await runKernels(['nan'], { out, corpus, resume: true })).verdict).toBe('fail');
});
