import type { InferenceSession } from 'onnxruntime-node';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { flatAxesOf, type InputFacts, inputsOf } from '../../../spec/operator/facts.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { DType, Operator } from '../../../spec/types/documents.js';
import { Unavailable } from '../../kernel.js';

/** Input or output of a model; sizes in its shape are numbers if fixed, else names. */
export interface ModelPort {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Ports of a model, and the dtype of its heads. */
export interface ModelPorts {
  readonly inputs: ReadonlyMap<string, ModelPort>;
  readonly outputs: ReadonlyMap<string, ModelPort>;
  readonly dtype: DType;
}

/** Dtypes of heads, by onnxruntime's names. */
export const modelDTypes: Readonly<Record<string, DType>> = { float32: 'f32', float16: 'f16', float64: 'f64' };
const floats = Object.keys(modelDTypes);

interface Allowed {
  readonly types: readonly string[];
  readonly ranks: readonly number[];
  readonly required?: true;
}

const mask: Allowed = { types: ['bool'], ranks: [4] };
const number: Allowed = { types: floats, ranks: [0, 1] };

function allowedInputs(operator: Operator): Readonly<Record<string, Allowed>> {
  const plain = operator.name === plainOperator.name;
  // optional tensors without effect are known for softmax only
  const inputs = (optional: boolean) =>
    Object.entries(inputsOf(operator)).flatMap(([name, facts]) => (facts.optional === optional ? [[name, allowedOf(facts)] as const] : []));
  const options = plain ? ['scale'] : Object.keys(operator.options ?? {});
  return {
    ...Object.fromEntries(inputs(false)),
    mask,
    ...(plain && Object.fromEntries(inputs(true))),
    ...Object.fromEntries(options.map((name) => [name, number])),
  };
}

function allowedOf({ kind, format, stored, axes, optional }: InputFacts): Allowed {
  const types =
    kind === 'code'
      ? [format === 'int8' ? 'int8' : 'uint8']
      : kind === 'boolean'
        ? ['bool']
        : kind === 'index'
          ? ['int32', 'int64']
          : stored
            ? ['float32']
            : floats;
  return { types, ranks: [flatAxesOf(axes).length], ...(!optional && { required: true }) };
}

/** Returns the outputs to fetch: o is required, or all outputs if the operator has no o. */
function allowedOutputs({ outputs }: Operator): Readonly<Record<string, Allowed>> {
  const isRequired = (name: string) => name === 'o' || !Object.hasOwn(outputs, 'o');
  return Object.fromEntries(
    Object.entries(outputs).map(([name, axes]) => [
      name,
      { types: floats, ranks: [flatAxesOf(axes).length], ...(isRequired(name) && { required: true }) },
    ]),
  );
}

/** @throws {Unavailable} if the model's ports do not fit the operator. */
export function portsOf(
  path: string,
  session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>,
  operator: Operator = plainOperator,
): ModelPorts {
  const inputs = checked(path, 'input', session.inputMetadata, allowedInputs(operator));
  const outputs = checked(path, 'output', session.outputMetadata, allowedOutputs(operator));
  const [first, ...others] = Object.entries(inputsOf(operator)).flatMap(([name, { kind, stored, optional }]) =>
    kind === 'number' && !stored && !optional ? [name] : [],
  );
  const type = inputs.get(first)?.type ?? 'float32';
  for (const name of others) {
    const other = (inputs.get(name) as ModelPort).type;
    if (other !== type)
      throw new Unavailable(`${path}: input "${name}" is ${other}, but "${first}" is ${type}`, oneType([first, ...others]));
  }
  return { inputs, outputs, dtype: modelDTypes[type] };
}

function oneType(names: readonly string[]): string {
  return `give ${names.slice(0, -1).join(', ')} and ${names.at(-1)} one type`;
}

function checked(
  path: string,
  what: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  allowed: Readonly<Record<string, Allowed>>,
): Map<string, ModelPort> {
  const ports = new Map<string, ModelPort>();
  for (const value of found) {
    // further outputs are not fetched
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
    const names = Object.keys(allowed);
    throw new Unavailable(
      `${says}, which attention does not take; allowed: ${names.join(', ')}`,
      `rename it (${nearestNames(port.name, names)}), or make it a constant of the model`,
    );
  }
  if (!rule.types.includes(port.type)) throw new Unavailable(says, `make it ${rule.types.join(' or ')}`);
  // the shape is optional
  if (port.shape.length > 0 && !rule.ranks.includes(port.shape.length))
    throw new Unavailable(says, `give it ${rule.ranks.map((rank) => `${rank} dimensions`).join(' or ')}`);
}
