const names = [
  'Array',
  'ArrayBuffer',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'Map',
  'Math',
  'Object',
  'SharedArrayBuffer',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
] as const;

/** Built-ins before any kernel is loaded. */
const before = names.map((name) => globalThis[name]);

/** Names the built-ins that a kernel replaced, if any. */
export function replacedBuiltins(): string | undefined {
  const replaced = names.filter((name, at) => globalThis[name] !== before[at]);
  return replaced.length === 0
    ? undefined
    : `the kernel, or what it loads, replaced ${replaced.join(', ')} of JavaScript; leave it as it is`;
}
