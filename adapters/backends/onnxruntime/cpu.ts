import type { InferenceSession } from 'onnxruntime-node';
import { host, importPackages, type Ort, quiet, type Runtime, threads } from './runtime.js';

export const importNode = () =>
  importPackages(
    'onnxruntime-node',
    () => import('onnxruntime-node'),
    'npm install --onnxruntime-node-install=skip onnxruntime-node onnx-proto',
  );

export const cpuOptions: InferenceSession.SessionOptions = {
  ...quiet,
  executionProviders: ['cpu'],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // waiting threads sleep: other processes use the same cores
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

export function nodeEnvironment(ort: Ort, provider: string): Record<string, string> {
  return { 'onnxruntime-node': ort.env.versions.node ?? ort.env.versions.common, provider, ...host() };
}

export function cpuEnvironment(ort: Ort): Record<string, string> {
  return { ...nodeEnvironment(ort, 'cpu'), threads: String(threads) };
}

export async function loadCpu(): Promise<Runtime> {
  const { ort, proto } = await importNode();
  return { ort, proto, options: cpuOptions, environment: cpuEnvironment(ort) };
}
