import type { UnavailableReason } from '../types/documents.js';

/** Why an implementation could not be run, and what would mend it, in a line. */
export function unavailableText({ reason, remedy }: UnavailableReason): string {
  return `${reason}; remedy: ${remedy}`;
}
