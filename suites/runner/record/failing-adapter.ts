import type { Dialect } from '../../../spec/types/documents.js';
import type { StartedAdapter } from '../run/start-adapters.js';
import type { FailingAdapter } from './failure-folder.js';

/** Adapter for a failure folder, with the judged capabilities. @param dialect added to them. */
export function failingAdapter({ result, declared, builtIn }: StartedAdapter, dialect: Dialect): FailingAdapter {
  const { id, title, version, environment } = result;
  const own = { ...declared?.dialect, ...dialect };
  const capabilities = { ...(declared as NonNullable<typeof declared>), ...(Object.keys(own).length > 0 && { dialect: own }) };
  return { id, title, version, builtIn, capabilities, environment };
}
