import type { Verdict } from '../../spec/types/documents.js';

/** Letters of verdicts, in capitals for expected failures and unexpected passes. */
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

/** Letter of a check that was not judged. */
export const notAsked = '.';
