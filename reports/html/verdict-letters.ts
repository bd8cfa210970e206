import type { Verdict } from '../../spec/types/documents.js';

/** Letter of each verdict. It is a capital if an expectation named the check: an expected failure, or a pass that is a surprise. */
export const verdictLetters: Readonly<Record<Verdict, string>> = {
  pass: 'p',
  fail: 'f',
  crash: 'c',
  timeout: 't',
  unsupported: 'u',
  unavailable: 'a',
  'not-run': 'n',
  error: 'e',
};

/** Letter of a check that was not asked of an implementation. */
export const notAsked = '.';
