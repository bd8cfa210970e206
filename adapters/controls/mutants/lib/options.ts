import type { Call } from '../../../kernel.js';

/** Removes an option from a call. */
export function withoutOption(call: Call, name: string): Call {
  const { [name]: _, ...options } = call.case.options;
  const { [name]: __, ...tensors } = call.tensors;
  return { case: { ...call.case, options }, tensors: tensors as Call['tensors'] };
}

export function hasOption(call: Call, name: string): boolean {
  return call.case.options[name] !== undefined;
}
