/// <reference lib="dom" />
/// <reference lib="dom" />
import { Unavailable } from '../../adapters/kernel.js';
import { byId, element, terms } from '../../reports/html/site/dom.js';
import { worstElement } from '../../reports/html/site/sections/worst-element.js';
import { openText } from '../../reports/result/explanations.js';
import { isFailure } from '../../reports/result/result.js';
import { describeCase, describeSizes, describeWorst } from '../../reports/text/describe-case.js';
import { describeCall, tensorLines } from '../../reports/text/describe-tensors.js';
import { checkDocument } from '../../spec/lib/documents.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import { anchorOf, Matrix } from './matrix.js';
import type { PageWorker } from './page-worker.js';
import { ProgressView } from './progress.js';
import { runSuite } from './run-suite.js';
import { type Settings, SettingsForm } from './settings.js';

/** Failures with their smallest cases and worst elements. */
class Failures {
  constructor() {
    byId('failures').hidden = true;
    for (const article of byId('failures').querySelectorAll('article')) article.remove();
  }

  add(check: CheckResult): void {
    byId('failures').hidden = false;
    const title = `${check.verdict} ${check.id}${check.class === undefined ? '' : ` (${check.class})`}`;
    byId('failures').append(
      element('article', { id: anchorOf(check.id) }, element('h3', {}, title), element('dl', {}, ...terms(describeFailure(check)))),
    );
  }
}

function describeFailure(check: CheckResult): [string, string][] {
  const { failure, reason } = check;
  if (!failure) return reason === undefined ? [] : [['reason', reason]];
  const { message = reason, hint, where, weights, worst, call, tensors, reproduced } = failure;
  const open = openText(check);
  return [
    ['minimal case', describeCase(failure.case)],
    ...(failure.passesWith ? ([['passes', describeSizes(failure.passesWith)]] as [string, string][]) : []),
    ...worstElement(failure),
    ...(message === undefined ? [] : ([['message', message]] as [string, string][])),
    ...(call ? ([['call', describeCall(call, failure.case)]] as [string, string][]) : []),
    ...(tensors ? tensorLines(tensors) : []),
    ...(worst === undefined ? [] : ([['worst case met', describeWorst(worst)]] as [string, string][])),
    ...(hint === undefined ? [] : ([['hint', hint]] as [string, string][])),
    ...(open === undefined ? [] : ([['cause', open]] as [string, string][])),
    ...(where === undefined ? [] : ([['where', where]] as [string, string][])),
    ...(weights === undefined ? [] : ([['weights', weights]] as [string, string][])),
    ...(reproduced < 0 || reproduced === 5 ? [] : ([['flaky', `failed again in ${reproduced} of 5 further runs`]] as [string, string][])),
  ];
}

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
    const remedy = error instanceof Unavailable ? ` Remedy: ${error.remedy}.` : '';
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
