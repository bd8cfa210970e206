/**
 * Marks a promise that a program may never await: its rejection does not end the process, and the
 * transport ends the job with the cause.
 */
export function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(nobody);
  return promise;
}

const nobody = () => {};
