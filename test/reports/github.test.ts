import { describe, expect, it } from 'vitest';
import { github } from '../../reports/github.js';
import type { Result } from '../../spec/types/documents.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp } from './made-up.js';

/** Workflow commands, read as the runner reads them. */
function commands(text: string): { level: string; properties: Record<string, string>; message: string }[] {
  const decode = (s: string) =>
    s.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, level, properties, message] = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(line) as RegExpExecArray;
      const pairs = properties.split(',').map((p) => p.split('=', 1).concat(decode(p.slice(p.indexOf('=') + 1))));
      return { level, properties: Object.fromEntries(pairs), message: decode(message) };
    });
}

const from = (source: string): Result => ({
  ...madeUp,
  adapters: madeUp.adapters.map((a) => ({ ...a, capabilities: { dtypes: ['f32'], operators: ['softmax'], source } })),
});

describe('GitHub annotations', () => {
  it('are an error for each unexpected failure, a warning for what is inconclusive, and a notice', () => {
    const found = commands(github.report(madeUp, context));
    expect(found.map(({ level, properties }) => `${level} ${properties['title']}`)).toEqual([
      'error mine::softmax/causal/oracle/f32 (value)',
      'error mine::softmax/document/oracle/f32',
      'error mine::softmax/any/deterministic/f32 (SIGSEGV)',
      'warning inconclusive',
      'warning inconclusive',
      'notice attention-cts',
    ]);
    expect(found[0].message).toContain(
      "\nreplay    npx attention-cts replay attn-cts-out/failures/mine/softmax_causal_oracle_f32/failure.json --adapter './my kernel.js'",
    );
    expect(found[0].message).toContain('o[0, 0, 0, 0]: expected 0.5, actual NaN, bound 1e-7');
  });

  it.each([
    ['kernels/a.py:42', { file: 'kernels/a.py', line: '42' }],
    ['./k,1:x.ts:7', { file: 'k,1:x.ts', line: '7' }],
    // where it names none below the working folder, that of the kernel's own file is shown
    ['..\\up.py:1', { file: 'my kernel.js', line: '1' }],
    ['/home/me/a.py:1', { file: 'my kernel.js', line: '1' }],
    ['my_attention', { file: 'my kernel.js', line: '1' }],
    ['a.py:0', { file: 'my kernel.js', line: '1' }],
  ])('stand at the source %j', (source, place) => {
    const { title, ...rest } = commands(github.report(from(source), context))[0].properties;
    expect([title, rest]).toEqual(['mine::softmax/causal/oracle/f32 (value)', place]);
  });

  it('are ten of a level, the last of which says how many more there are', () => {
    const failures = (count: number) => Array.from({ length: count }, (_, i) => check('mine', `a/m${i}/oracle/f32`, { verdict: 'fail' }));
    const errors = (count: number) =>
      commands(github.report({ ...madeUp, checks: failures(count) }, context)).filter((c) => c.level === 'error');
    expect(errors(10)[9].properties['title']).toBe('mine::a/m9/oracle/f32');
    expect(errors(25)).toHaveLength(10);
    expect(errors(25)[9].message).toContain('16 more annotations, of 25 in all');
  });

  it.each(Object.entries(hostileTexts))('are not forged by %s', (_, text) => {
    const found = commands(github.report(hostileResult(text), context));
    expect(found.map((c) => c.level)).toEqual(['error', 'error', 'warning', 'warning', 'notice']);
    for (const { properties } of found) expect(Object.keys(properties).filter((k) => !['file', 'line', 'title'].includes(k))).toEqual([]);
  });
});
