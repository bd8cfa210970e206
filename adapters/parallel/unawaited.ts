/** Marks a promise that may never be awaited, so that its rejection does not end the process. */
export function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(nobody);
  return promise;
}

const nobody = () => {};
