/// <reference lib="dom" />

import { Unavailable } from '../../adapters/kernel.js';
import { byId, terms } from '../../reports/html/site/dom.js';
import { isFailure } from '../../reports/result/result.js';
import { checkDocument } from '../../spec/lib/documents.js';
import type { Result } from '../../spec/types/documents.js';
import { Failures } from './failures.js';
import { Matrix } from './matrix.js';
import type { PageWorker } from './page-worker.js';
import { ProgressView } from './progress.js';
import { runSuite } from './run-suite.js';
import { type Settings, SettingsForm } from './settings.js';

// Entry of the page: runs the suite and shows its progress.

/** Milliseconds. */
const patience = { timeout: 10_000, startTimeout: 120_000 };

const startWorker = (file: string) => new Worker(file, { type: 'module' }) as unknown as PageWorker;
const form = new SettingsForm(location.search);
const download = byId<HTMLButtonElement>('download');
let controller = new AbortController();
let result: Result | undefined;

async function run(settings: Settings): Promise<void> {
  controller = new AbortController();
  const progress = new ProgressView();
  const failures = new Failures();
  let matrix: Matrix | undefined;
  form.lock(true);
  download.disabled = true;
  result = undefined;
  try {
    result = await runSuite(
      { ...settings, ...patience, startWorker, signal: controller.signal },
      {
        onPlan: (checks, { environment }) => {
          matrix = new Matrix(checks);
          progress.plan(checks);
          byId('environment').replaceChildren(...terms(Object.entries(environment)));
        },
        onBegin: (check) => {
          matrix?.begin(check);
          progress.begin(check);
        },
        onCases: (cases) => progress.cases(cases),
        onCheck: (_, checked) => {
          matrix?.end(checked);
          progress.end(checked);
          if (isFailure(checked) || checked.verdict === 'error') failures.add(checked);
        },
      },
    );
    progress.finish(controller.signal.aborted);
    download.disabled = false;
  } catch (error) {
    const remedy = error instanceof Unavailable ? ` It takes ${error.remedy}.` : '';
    const message = error instanceof Unavailable ? `${error.reason}.` : (error as Error).message;
    progress.problem(`Cannot run: ${message}${remedy}`);
  } finally {
    form.lock(false);
  }
}

form.onSubmit((settings) => void run(settings));
byId('stop').addEventListener('click', () => controller.abort());
download.addEventListener('click', () => {
  if (result) downloadResult(result);
});

/** Downloads the result. @throws {DocumentError} if it breaks its schema. */
function downloadResult(result: Result): void {
  checkDocument('result', result, 'result.json');
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(result, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'result.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
