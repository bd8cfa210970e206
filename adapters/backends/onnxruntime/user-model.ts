import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DocumentError, parseDocument } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { OnnxManifest, Operator } from '../../../spec/types/documents.js';
import type { Adapter, Capabilities } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { claimedOperators, type KnownOperators } from '../manifest/tensors.js';
import { checkAdapter, type IsTaken } from '../module/check-adapter.js';
import { cpuEnvironment, cpuOptions, importNode } from './cpu.js';
import { capabilitiesOf, type ModelLayout } from './user-model-capabilities.js';
import { UserModelKernel } from './user-model-kernel.js';
import { portsOf } from './user-model-ports.js';

/**
 * Loads an ONNX model on the CPU provider; inputs and outputs have the names of its operator's
 * document. An optional `kernel.onnx.json` beside it claims further capabilities.
 * @throws {Unavailable} if the model or ONNX Runtime is missing, or the ports do not fit.
 * @throws {DocumentError} if the file beside it is malformed.
 */
export async function loadOnnx(path: string, isTaken?: IsTaken, known?: KnownOperators): Promise<Adapter> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new Unavailable(`no such file: ${path}`, 'name a model; npx attention-cts init --kind onnx writes one to start from');
  const manifestPath = `${path}.json`;
  const manifest = existsSync(manifestPath) ? parseDocument('onnxManifest', readFileSync(manifestPath, 'utf8'), manifestPath) : {};
  const operator = operatorOf(manifest, manifestPath, known);
  const { ort } = await importNode();
  const open = async () => {
    try {
      return await ort.InferenceSession.create(readFileSync(path), cpuOptions);
    } catch (error) {
      throw new Unavailable(
        `${path} is not a model that ONNX Runtime loads: ${(error as Error).message.trim().split('\n')[0]}`,
        'export it again, for an opset that the installed onnxruntime-node supports',
      );
    }
  };
  const session = await open();
  const ports = portsOf(path, session, operator);
  const layout = layoutOf(manifest, manifestPath);
  const capabilities: Capabilities = { ...capabilitiesOf(path, ports, layout, operator), ...manifest.capabilities };
  const { outputLayout } = manifest;
  const model = { operator, capabilities, ...(outputLayout && { outputLayout }) };
  await session.release();
  const adapter = checkAdapter(
    {
      ...namesOf(path, manifest),
      capabilities,
      open: async () => {
        const session = await open();
        return new UserModelKernel(ort, session, ports, model, { model: basename(path), ...cpuEnvironment(ort) });
      },
    },
    manifestPath,
    isTaken,
  );
  const [dtype] = adapter.capabilities.dtypes;
  if (adapter.capabilities.dtypes.length !== 1 || dtype !== ports.dtype)
    throw new DocumentError(
      manifestPath,
      '$.capabilities.dtypes',
      `found ${JSON.stringify(adapter.capabilities.dtypes)}, but ${path} computes in ${ports.dtype}`,
    );
  return adapter;
}

function namesOf(path: string, { adapter = {} }: OnnxManifest): Pick<Adapter, 'id' | 'title' | 'version'> {
  const file = basename(path);
  const id =
    file
      .replace(/\.onnx$/, '')
      .replace(/[^A-Za-z0-9._+-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'model';
  return { id, title: `ONNX model ${file}`, ...adapter };
}

/** Returns the single operator that the manifest claims, by default softmax. */
function operatorOf({ capabilities = {} }: OnnxManifest, manifestPath: string, known: KnownOperators): Operator {
  const {
    operators = [plainOperator.name],
    mixedStorage,
    stored,
  } = capabilities as { operators?: unknown; mixedStorage?: unknown; stored?: Capabilities['stored'] };
  const claimed = Array.isArray(operators)
    ? claimedOperators({ operators: operators as [string], mixedStorage: mixedStorage !== false, stored }, known)
    : [];
  if (claimed.length === 1 && (operators as unknown[]).length === 1) return claimed[0];
  const names = [...(known?.keys() ?? operatorDocuments.map(({ name }) => name))];
  const near = nearestNames(Array.isArray(operators) ? String(operators[0]) : String(operators), names);
  throw new DocumentError(
    manifestPath,
    '$.capabilities.operators',
    `found ${JSON.stringify(operators)}, must be a list of one operator; ${near}`,
  );
}

/** Returns the single layout that the manifest claims, by default bhld. */
function layoutOf({ capabilities = {} }: OnnxManifest, manifestPath: string): ModelLayout {
  const { layouts = ['bhld'] } = capabilities as { layouts?: unknown };
  const [layout] = Array.isArray(layouts) ? layouts : [];
  if (!Array.isArray(layouts) || layouts.length !== 1 || (layout !== 'bhld' && layout !== 'blhd'))
    throw new DocumentError(manifestPath, '$.capabilities.layouts', `found ${JSON.stringify(layouts)}, allowed: ["bhld"], ["blhd"]`);
  return layout;
}
