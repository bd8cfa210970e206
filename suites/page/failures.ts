/// <reference lib="dom" />

import { byId, element, terms } from '../../reports/html/site/dom.js';
import { worstElement } from '../../reports/html/site/sections/worst-element.js';
import { openText } from '../../reports/result/explanations.js';
import { describeCase, describeSizes, describeWorst } from '../../reports/text/describe-case.js';
import { describeCall, tensorLines } from '../../reports/text/describe-tensors.js';
import type { CheckResult } from '../../spec/types/documents.js';
import { anchorOf } from './matrix.js';

/** Failures with their smallest cases and worst elements. */
export class Failures {
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
