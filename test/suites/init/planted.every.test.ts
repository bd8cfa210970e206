import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'onnx-proto';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../adapters/backends/python/interpreter.js';
import { terminal } from '../../../reports/terminal/index.js';
import { initKindNames, initKinds } from '../../../suites/init/kinds.js';
import { writeTemplates } from '../../../suites/init/template.js';
import { backend, title } from '../../backend.js';
import { asksAll, firstOf } from '../../some.js';
import { runKernels, scratch } from '../runner/run-kernels.js';
import { type PlantedFault, plantedFaults } from './planted.js';

const folder = mkdtempSync(join(tmpdir(), 'attention-cts-planted-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = await findPython(['numpy']).catch(() => 'python3');
const { onnx } = protobuf;

/** Multiplies the output of the node of an operator by an input or a constant of the model. */
function multiplied(model: Uint8Array, operator: string, by: string): Uint8Array {
  const { graph, ...others } = onnx.ModelProto.decode(model);
  const nodes = graph?.node ?? [];
  const initializer = graph?.initializer ?? [];
  const at = nodes.findIndex(({ opType }) => opType === operator);
  const [output] = nodes[at].output ?? [];
  nodes[at].output = [`${output}_once`];
  nodes.splice(at + 1, 0, onnx.NodeProto.create({ opType: 'Mul', input: [`${output}_once`, by], output: [output] }));
  const log2e = onnx.TensorProto.create({ name: 'log2e', dataType: onnx.TensorProto.DataType.FLOAT, dims: [], floatData: [Math.LOG2E] });
  return onnx.ModelProto.encode({ ...others, graph: { ...graph, node: nodes, initializer: [...initializer, log2e] } }).finish();
}

/** Writes the kernel with the fault. @returns what `--adapter` takes for it. */
function plant({ kind, file, edits }: PlantedFault, own: string): string {
  writeTemplates([{ kind, folder: own }]);
  const path = join(own, file);
  for (const [text, by] of edits) {
    if (kind === 'onnx') writeFileSync(path, multiplied(readFileSync(path), text, by));
    else {
      const source = readFileSync(path, 'utf8');
      expect(source).toContain(text);
      writeFileSync(path, source.replace(text, by));
    }
  }
  return initKinds[kind].adapter((name) => join(own, name), python);
}

it.skipIf(asksAll)('there are two planted faults of each kind', () => {
  expect(plantedFaults.map(({ kind }) => kind).sort()).toEqual([...initKindNames, ...initKindNames].sort());
});

for (const fault of firstOf(plantedFaults, 1)) {
  const { kind, name, says, filter } = fault;
  const source = plant(fault, mkdtempSync(join(folder, 'kernel-')));
  const { missing } = await backend(source);
  describe.skipIf(missing)(title(kind, { missing }), () => {
    it(`${name}: the first block names the cause`, async () => {
      const out = scratch();
      const result = await runKernels([], {
        adapters: [source],
        profiles: ['core', 'serving'],
        filter: [filter ?? 'softmax/full/oracle/f32'],
        runs: 20,
        out,
      });
      const report = terminal.report(result, { colors: false, out, sources: {} });
      const [, block] = report.split('\n\n');
      expect(block).toContain('fail ');
      expect(block).toContain(says);
    });
  });
}
