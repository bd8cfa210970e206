import type { Verdict } from '../../spec/types/documents.js';

/** A verdict in one letter. */
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

/** Where a check was not asked of an implementation. */
export const notAsked = '.';
