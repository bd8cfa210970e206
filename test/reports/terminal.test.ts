import { describe, expect, it } from 'vitest';
import { terminal } from '../../reports/terminal/index.js';
import { check, context, madeUp, minimalCase } from './made-up.js';

describe('terminal report', () => {
  it('shows what matters first, and everything when it is asked to', () => {
    expect(terminal.report(madeUp, context)).toMatchSnapshot('short');
    expect(terminal.report(madeUp, { ...context, verbose: true })).toMatchSnapshot('verbose');
  });

  it('tells alike failures once, in at most 40 lines, whatever there is', () => {
    const failed = (id: string, hint: string, adapter = 'mine') =>
      check(adapter, id, { verdict: 'fail', class: 'value', failure: { case: minimalCase, message: 'o is off', hint, reproduced: 5 } });
    const masks = Array.from({ length: 25 }, (_, i) => `mask-${i}`);
    const alike = terminal.report(
      { ...madeUp, checks: masks.map((mask) => failed(`softmax/${mask}/oracle/f32`, 'the diagonal is hidden')), profiles: [] },
      context,
    );
    expect(alike.match(/the diagonal is hidden/g)).toHaveLength(2);
    expect(alike).toContain('and 24 more like it: oracle ×25; 25 in all');

    const many = terminal.report(
      {
        ...madeUp,
        adapters: masks.map((mask) => ({ ...madeUp.adapters[0], id: mask })),
        checks: [
          ...masks.flatMap((mask) => masks.map((other) => failed(`softmax/${other}/oracle/f32`, `${other} hides the diagonal`, mask))),
          ...madeUp.checks.filter(({ adapter }) => adapter !== 'mine'),
          ...masks.map((mask) => check(mask, 'softmax/any/reuse/f32', { verdict: 'not-run', reason: `no ${mask}` })),
        ],
      },
      context,
    );
    expect(many.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    expect(many).toMatch(/^and \d+ more, with \d+ failures$/m);
    expect(many).toMatch(/^and \d+ more causes, of \d+ failures$/m);
    expect(many).toContain('625 fail');
  });

  it('says where no explanation was found', () => {
    const failure = { case: minimalCase, message: 'o is off', reproduced: 5 };
    const checks = [check('mine', 'softmax/full/oracle/f32', { verdict: 'fail', class: 'value', failure })];
    expect(terminal.report({ ...madeUp, checks, profiles: [] }, context)).toContain('cause     not found: no mask, option');
  });

  it('fits its table to the terminal', () => {
    const text = terminal.report(madeUp, { ...context, columns: 60 });
    const [head, ...rows] = text.split('\n\n', 1)[0].split('\n');
    expect(head).toContain('worst cause');
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(60);
    expect(rows.join('\n')).toContain('…');
  });

  it('has colours only where asked to', () => {
    expect(terminal.report(madeUp, context)).not.toContain('\x1b[');
    const text = terminal.report(madeUp, { ...context, colors: true });
    expect(text).toContain('\x1b[32m');
    expect(text).toContain('\x1b[31mfail\x1b[39m mine::softmax/causal/oracle/f32');
    const plain = ['\x1b[31m', '\x1b[32m', '\x1b[39m'].reduce((rest, code) => rest.replaceAll(code, ''), text);
    expect(plain).toBe(terminal.report(madeUp, context));
  });

  it('says each warning once, with the worst of its checks', () => {
    const bias = (ratio: number) => ({ output: 'o', kind: 'bias' as const, ratio, text: `${ratio} of their root mean square` });
    const accuracy = { output: 'lse', kind: 'accuracy' as const, ratio: 4, text: '4 times' };
    const checks = [
      check('mine', 'softmax/full/oracle/f32', { warnings: [bias(-0.4)] }),
      check('mine', 'softmax/causal/oracle/f32', { warnings: [bias(-0.8), accuracy] }),
    ];
    const text = terminal.report({ ...madeUp, checks, profiles: [] }, context);
    expect(text).toContain(
      [
        'Accuracy warnings',
        '  mine bias of o: -0.8 of their root mean square (2 checks, the worst softmax/causal/oracle/f32)',
        '  mine accuracy of lse: 4 times (softmax/causal/oracle/f32)',
      ].join('\n'),
    );
    expect(terminal.report(madeUp, context)).not.toContain('Accuracy warnings');
  });

  it('says where a failure was worst before it shrank', () => {
    const worst = {
      case: { ...minimalCase, dims: { ...minimalCase.dims, n: 8192 } },
      message: 'o[0, 0, 0, 0] is 3, expected 1 within 0.05: off by 40 times the bound\nand more',
      expected: 1,
      actual: 3,
      bound: 0.05,
    };
    const report = (seen: Partial<typeof worst> & Pick<typeof worst, 'case'>) => {
      const failure = { case: minimalCase, message: 'off by 1.07 times the bound', worst: seen, reproduced: 5 };
      return terminal.report(
        { ...madeUp, checks: [check('mine', 'softmax/full/oracle/f32', { verdict: 'fail', failure })], profiles: [] },
        context,
      );
    };
    expect(report(worst)).toMatch(
      /\n {2}worst {5}b=1 .* n=8192 .*: o\[0, 0, 0, 0\] is 3, expected 1 within 0.05: off by 40 times the bound\n\n/,
    );
    // one that is no further off than the smallest is the first that was seen
    const failure = { case: minimalCase, message: 'off', expected: 1, actual: 9, bound: 0.05, worst, reproduced: 5 };
    const nearer = check('mine', 'softmax/full/oracle/f32', { verdict: 'fail', failure });
    expect(terminal.report({ ...madeUp, checks: [nearer], profiles: [] }, context)).toContain('\n  first     b=1 ');
    const { bound: _, ...unbounded } = worst;
    expect(report(unbounded)).toContain('\n  first     b=1 ');
    expect(report({ case: worst.case })).toContain('\n  first     b=1 ');
  });

  it('is short where nothing could be judged', () => {
    const checks = Array.from({ length: 40 }, (_, i) =>
      check('mine', `softmax/m${i}/oracle/f32`, { verdict: 'error', class: 'oracle', reason: 'the oracle threw' }),
    );
    const text = terminal.report({ ...madeUp, checks, profiles: [] }, context);
    expect(text).toContain('error mine: oracle: the oracle threw (40 checks, the first softmax/m0/oracle/f32)');
    expect(text).toContain('Nothing was judged');
    expect(text.match(/the oracle threw/g)).toHaveLength(1);
  });

  it('says why nothing was asked of a kernel, and what would ask', () => {
    const [judged] = madeUp.adapters.filter(({ id }) => madeUp.checks.some(({ adapter }) => adapter === id));
    const capabilities = { operators: ['moh'] } as unknown as typeof judged.capabilities;
    const other = { ...judged, id: 'other', capabilities, unclaimed: { softmax: 50 } };
    const told = 'other computes moh, but the checks are for softmax: leave out --profile, or name operators';
    expect(terminal.report({ ...madeUp, adapters: [...madeUp.adapters, other] }, context)).toContain(told);
    // a filter leaves nothing to ask of anybody
    expect(terminal.report({ ...madeUp, adapters: [{ ...other, unclaimed: {} }] }, context)).not.toContain('computes moh');
    expect(terminal.report({ ...madeUp, adapters: [{ ...other, id: judged.id }] }, context)).not.toContain('computes moh');
  });

  it('names in a line adapters that are not on this machine, where there are several', () => {
    const [absent] = madeUp.adapters.filter((a) => a.unavailable);
    const two = { ...madeUp, adapters: [...madeUp.adapters, { ...absent, id: 'other' }] };
    const line = /^Not available on this machine: absent, other \(--verbose/m;
    expect(terminal.report(two, context)).toMatch(line);
    const whole = terminal.report(two, { ...context, verbose: true });
    expect(whole).not.toMatch(line);
    expect(whole.match(/remedy: npm install absent/g)).toHaveLength(2);
  });

  it('counts the must-pass checks of a profile that has a frozen list', () => {
    const [adapter] = madeUp.adapters;
    const claiming = { ...madeUp, adapters: [{ ...adapter, capabilities: { dtypes: ['f32' as const], operators: ['softmax'] } }] };
    const checks = [check(adapter.id, 'softmax/full/oracle/f32', {})];
    const text = terminal.report({ ...claiming, checks }, { ...context, verbose: true });
    expect(text).toMatch(/core@1: .*; 1 of \d\d+ must-pass checks/);
  });

  it('tells more than three adapters in brief', () => {
    const [adapter] = madeUp.adapters.filter((a) => !a.unavailable);
    const many = (count: number) => {
      const ids = Array.from({ length: count }, (_, i) => `kernel-${i}`);
      const checks = ids.flatMap((id) => [
        check(id, 'softmax/full/oracle/f32', {}),
        ...['sink', 'alibi', 'bias'].map((name) =>
          check(id, `softmax+${name}/any/oracle/f32`, { verdict: 'unsupported', reason: `the kernel has no ${name} at all` }),
        ),
        check(id, 'softmax/any/strided/f32', { verdict: 'unsupported', reason: 'contiguous only' }),
        check(id, 'softmax/any/dialect/f32', { verdict: 'unsupported', reason: 'no axis' }),
      ]);
      return terminal.report(
        { ...madeUp, adapters: ids.map((id) => ({ ...adapter, id })), checks, profiles: [] },
        { ...context, verbose: true },
      );
    };
    expect(many(3)).toContain('runs on');
    expect(many(4)).not.toContain('runs on');
    expect(many(4)).toContain('unsupported: ×3 the kernel has no … at all (… = sink, alibi, bias), ×1 contiguous only, 1 more reason');
  });

  it('says which lengths long checks met, and why not the others', () => {
    const long = check('reference', 'softmax/causal/long-targeted/f32', { coverage: { 'keys:32767': 2, 'keys:131072': 1 } });
    const [adapter, ...others] = madeUp.adapters;
    const limits = { n: { max: 200_000, multipleOf: 1 } };
    const capabilities = { dtypes: ['f32'], operators: ['softmax'], limits } as never;
    const text = terminal.report(
      { ...madeUp, adapters: [{ ...adapter, capabilities, speed: 'slow' }, ...others], checks: [long] },
      { ...context, verbose: true },
    );
    expect(text).toContain(
      'keys of long cases: 32767 ×2, 131072 ×1, none of 32768, 32769, 61441, 99866, 160001: not drawn, or too costly for a kernel that is slow',
    );
    expect(text).toContain('none of 1048576: its limits end at 200000');
    expect(terminal.report(madeUp, { ...context, verbose: true })).not.toContain('keys of long cases');
  });
});
