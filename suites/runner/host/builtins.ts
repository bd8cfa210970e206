/** Built-in objects of JavaScript by which the suite makes and reads tensors. */
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

/** The built-ins as they are when this module is loaded, which is before any kernel is. */
const before = names.map((name) => globalThis[name]);

/** Says which built-ins the kernel, or what it loads, has replaced; undefined where all are as they were. */
export function replacedBuiltins(): string | undefined {
  const replaced = names.filter((name, at) => globalThis[name] !== before[at]);
  return replaced.length === 0
    ? undefined
    : `the kernel, or what it loads, replaced ${replaced.join(', ')} of JavaScript; leave it as it is`;
}
