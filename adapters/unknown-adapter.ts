import { nearestNames } from '../spec/expression/nearest.js';

/** `--adapter` names neither a built-in nor a file. A usage error. */
export class UnknownAdapter extends Error {
  override readonly name = 'UnknownAdapter';
  constructor(source: string, known: Iterable<string>) {
    super(`unknown adapter "${source}"; ${nearestNames(source, known)}; a file of your own is given by its path, such as ./kernel.ts`);
  }
}
