import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allCalled, documentsCalled, isCalledLike } from '../../spec/also.js';
import { createLibrary } from '../../spec/library.js';
import { listOperators } from '../../suites/cli/actions/list-documents.js';
import { attnCts } from '../suites/cli/attn-cts.js';

const library = createLibrary();
const called = allCalled(library);

/** Names of models and papers under which users look for an operator, none of which is the name of one. */
const searched: readonly (readonly [name: string, operator: string])[] = [
  ['Qwen3-Next', 'gdn-raw-gates'],
  ['Gated DeltaNet', 'gated-delta'],
  ['DSA', 'gathered'],
  ['DeepSeek V3.2', 'lightning-indexer'],
  ['MSA', 'block-lists'],
  ['MiniMax-M3', 'block-lists'],
  ['GPT-OSS', 'softmax'],
  ['Gemma 3', 'qk-rms-norm'],
  ['Llama 4', 'softmax'],
  ['Kimi Linear', 'kda-raw-gates'],
  ['StyA2K', 'all-to-key'],
  ['DeltaNet', 'delta'],
  ['RetNet', 'retention'],
  ['FlashMLA', 'mla-absorbed'],
  ['DeepSeek V3', 'mla'],
  ['Lightning Attention', 'linear-decay'],
  ['MiniMax-01', 'linear-decay'],
  ['Diff Transformer', 'differential'],
  ['RecurrentGemma', 'rg-lru'],
  ['LongNet', 'dilated'],
  ['Nyströmformer', 'nystrom'],
  ['Step3', 'mfa-rope'],
  ['ONNX LinearAttention', 'update-rules'],
  ['Griffin', 'rg-lru'],
];

describe('other names of documents', () => {
  it.each(searched)('find %s', (name, operator) => {
    expect([...library.operators.keys()]).not.toContain(name);
    expect(documentsCalled(library, name).map((one) => one.name)).toContain(operator);
    const { records } = listOperators({ library, documents: [], adapters: [], load: {}, search: name, all: false });
    expect(records.map((one) => (one as { name: string }).name)).toContain(operator);
  });

  it('find masks and schemes too, whatever their case and punctuation', () => {
    expect(documentsCalled(library, 'streaming-llm')).toMatchObject([{ kind: 'mask', name: 'sink-tokens' }]);
    expect(documentsCalled(library, 'kimi context parallel').map(({ kind }) => kind)).toContain('scheme');
    fc.assert(
      fc.property(fc.constantFrom(...called), fc.constantFrom('upper', 'lower', 'spaced'), ({ as, name }, how) => {
        const typed = how === 'upper' ? as.toUpperCase() : how === 'lower' ? as.toLowerCase() : as.replaceAll('-', ' ');
        expect(documentsCalled(library, typed).map((one) => one.name)).toContain(name);
      }),
    );
  });

  it('name no document twice, and are not the name of the document', () => {
    const all = called.map(({ kind, name, as }) => `${kind} ${name} ${as.toLowerCase()}`);
    expect(all.filter((one, at) => all.indexOf(one) !== at)).toEqual([]);
    expect(called.filter(({ name, as }) => name === as)).toEqual([]);
  });

  it('are searched as parts of names', () => {
    expect(isCalledLike({ name: 'x', title: 'y', also: [{ model: 'DeepSeek V3.2' }] }, 'deepseek')).toBe(true);
    expect(isCalledLike({ name: 'x', title: 'y', also: ['DSA'] }, 'msa')).toBe(false);
  });
});

describe('attn-cts operator', () => {
  it('shows the operator that a name stands for, and lists them where it stands for several documents', async () => {
    const one = await attnCts('operator', 'stya2k');
    expect(one.stdout).toMatch(/^all-to-key /);
    const several = await attnCts('operator', 'qwen3-next');
    expect(several.code).toBe(0);
    expect(several.stdout).toContain('npx attention-cts operator gdn-raw-gates');
    expect(several.stdout).toContain('npx attention-cts operator gated-output');
    const asJson = await attnCts('operator', 'qwen3-next', '--json');
    expect(asJson.code).toBe(2);
    expect(asJson.stderr).toContain('name one operator');
  });
});
