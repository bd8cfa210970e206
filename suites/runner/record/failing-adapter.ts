import type { Dialect } from '../../../spec/types/documents.js';
import type { StartedAdapter } from '../run/start-adapters.js';
import type { FailingAdapter } from './failure-folder.js';

/**
 * Description of a failing adapter for its failure folder, with the capabilities by which it was judged.
 * @param dialect declared on top of them.
 */
export function failingAdapter({ result, declared, builtIn }: StartedAdapter, dialect: Dialect): FailingAdapter {
  const { id, title, version, environment } = result;
  const own = { ...declared?.dialect, ...dialect };
  const capabilities = { ...(declared as NonNullable<typeof declared>), ...(Object.keys(own).length > 0 && { dialect: own }) };
  return { id, title, version, builtIn, capabilities, environment };
}
