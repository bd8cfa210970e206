import type { InferenceSession } from 'onnxruntime-node';
import type { DType } from '../../../spec/types/documents.js';
import { Unavailable } from '../../kernel.js';

/** A tensor that goes in or comes out: its element type by onnxruntime's names, its shape where the model gives one; numbers are fixed, names free. */
export interface ModelPort {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** The ports of a model, and the dtype of its heads. */
export interface ModelPorts {
  readonly inputs: ReadonlyMap<string, ModelPort>;
  readonly outputs: ReadonlyMap<string, ModelPort>;
  readonly dtype: DType;
}

/** Element types of heads, by onnxruntime's names. */
export const modelDTypes: Readonly<Record<string, DType>> = { float32: 'f32', float16: 'f16', float64: 'f64' };
const floats = Object.keys(modelDTypes);

interface Allowed {
  readonly types: readonly string[];
  readonly ranks: readonly number[];
  readonly required?: true;
}

const allowedInputs: Readonly<Record<string, Allowed>> = {
  q: { types: floats, ranks: [4], required: true },
  k: { types: floats, ranks: [4], required: true },
  v: { types: floats, ranks: [4], required: true },
  mask: { types: ['bool'], ranks: [4] },
  bias: { types: floats, ranks: [4] },
  alibi: { types: floats, ranks: [1] },
  sink: { types: floats, ranks: [1] },
  scale: { types: floats, ranks: [0, 1] },
};
const allowedOutputs: Readonly<Record<string, Allowed>> = {
  o: { types: floats, ranks: [4], required: true },
  lse: { types: floats, ranks: [3] },
};

/** @throws {Unavailable} naming the model, what was found in it and what is allowed. */
export function portsOf(path: string, session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>): ModelPorts {
  const inputs = checked(path, 'input', session.inputMetadata, allowedInputs);
  const outputs = checked(path, 'output', session.outputMetadata, allowedOutputs);
  const type = (inputs.get('q') as ModelPort).type;
  for (const name of ['k', 'v']) {
    const other = (inputs.get(name) as ModelPort).type;
    if (other !== type) throw new Unavailable(`${path}: input "${name}" is ${other}, but "q" is ${type}`, 'give q, k and v the same type');
  }
  return { inputs, outputs, dtype: modelDTypes[type] };
}

function checked(
  path: string,
  what: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  allowed: Readonly<Record<string, Allowed>>,
): Map<string, ModelPort> {
  const ports = new Map<string, ModelPort>();
  for (const value of found) {
    // outputs beside ours are not fetched
    if (what === 'output' && !Object.hasOwn(allowed, value.name)) continue;
    const port = { name: value.name, type: value.isTensor ? value.type : 'not a tensor', shape: value.isTensor ? value.shape : [] };
    checkPort(path, what, port, allowed);
    ports.set(port.name, port);
  }
  for (const [name, { required }] of Object.entries(allowed)) {
    if (!required || ports.has(name)) continue;
    const names = found.map((value) => `"${value.name}"`).join(', ') || 'none';
    throw new Unavailable(
      `${path} has no ${what} "${name}"; it has ${names}`,
      `name the model's ${what}s ${Object.keys(allowed).join(', ')}`,
    );
  }
  return ports;
}

function checkPort(path: string, what: string, port: ModelPort, allowed: Readonly<Record<string, Allowed>>): void {
  const says = `${path}: ${what} "${port.name}" is ${port.type}[${port.shape.join(', ')}]`;
  const rule = Object.hasOwn(allowed, port.name) ? allowed[port.name] : undefined;
  if (!rule) {
    throw new Unavailable(
      `${says}, which attention does not take; allowed: ${Object.keys(allowed).join(', ')}`,
      `rename it, or make it a constant of the model`,
    );
  }
  if (!rule.types.includes(port.type)) throw new Unavailable(says, `make it ${rule.types.join(' or ')}`);
  // a model need not tell its shapes
  if (port.shape.length > 0 && !rule.ranks.includes(port.shape.length))
    throw new Unavailable(says, `give it ${rule.ranks.map((rank) => `${rank} dimensions`).join(' or ')}`);
}
