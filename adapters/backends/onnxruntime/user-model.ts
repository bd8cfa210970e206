import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DocumentError, parseDocument } from '../../../spec/documents.js';
import type { OnnxManifest } from '../../../spec/types/documents.js';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { checkAdapter, type IsTaken } from '../module/check-adapter.js';
import { cpuEnvironment, cpuOptions, importNode } from './cpu.js';
import { capabilitiesOf, type ModelLayout } from './user-model-capabilities.js';
import { UserModelKernel } from './user-model-kernel.js';
import { portsOf } from './user-model-ports.js';

/**
 * The adapter that a model is: its inputs q, k, v and, where it has them, mask, bias, alibi, sink, scale, and its outputs o and lse, by these
 * names; run by ONNX Runtime's CPU provider. A file beside it, `kernel.onnx.json`, says what the model cannot.
 * @param path relative to the working folder.
 * @throws {Unavailable} where the model, or ONNX Runtime, is missing, or the model has other inputs and outputs.
 * @throws {DocumentError} where the file beside it is malformed.
 */
export async function loadOnnx(path: string, isTaken?: IsTaken): Promise<Adapter> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new Unavailable(`no such file: ${path}`, 'name a model; npx attn-cts init --kind onnx writes one to start from');
  const manifestPath = `${path}.json`;
  const manifest = existsSync(manifestPath) ? parseDocument('onnxManifest', readFileSync(manifestPath, 'utf8'), manifestPath) : {};
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
  const ports = portsOf(path, session);
  const layout = layoutOf(manifest, manifestPath);
  const capabilities = { ...capabilitiesOf(path, ports, layout), ...manifest.capabilities };
  await session.release();
  const adapter = checkAdapter(
    {
      ...namesOf(path, manifest),
      capabilities,
      open: async () => {
        const session = await open();
        return new UserModelKernel(ort, session, ports, { model: basename(path), ...cpuEnvironment(ort) });
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

/** The model has one. */
function layoutOf({ capabilities = {} }: OnnxManifest, manifestPath: string): ModelLayout {
  const { layouts = ['bhld'] } = capabilities as { layouts?: unknown };
  const [layout] = Array.isArray(layouts) ? layouts : [];
  if (!Array.isArray(layouts) || layouts.length !== 1 || (layout !== 'bhld' && layout !== 'blhd'))
    throw new DocumentError(manifestPath, '$.capabilities.layouts', `found ${JSON.stringify(layouts)}, allowed: ["bhld"], ["blhd"]`);
  return layout;
}
