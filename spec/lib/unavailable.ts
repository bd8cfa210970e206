import type { UnavailableReason } from '../types/documents.js';

/** Reason why an implementation cannot run, and the remedy, in one line. */
export function unavailableText({ reason, remedy }: UnavailableReason): string {
  return `${reason}; remedy: ${remedy}`;
}
