import { describe, expect, it } from 'vitest';
import type { Probe } from '../../../spec/types/documents.js';
import { probeText } from '../../../suites/cli/actions/probe.js';

describe('the text of a probe', () => {
  it('is a table, the evidence, and the flags that would declare what deviates', () => {
    const probe: Probe = {
      format: 1,
      suite: '0.0.0',
      adapter: { id: 'mine', title: 'Mine', version: '2.0' },
      environment: {},
      dtype: 'f32',
      calls: [],
      dialect: { causal: 'top-left' },
      axes: [
        {
          axis: 'causal',
          status: 'inferred',
          values: ['top-left'],
          declared: 'bottom-right',
          from: 'default',
          evidence: [{ call: 0, text: 'o is 1', fits: ['top-left'] }],
        },
        { axis: 'alibi', status: 'inferred', values: ['relative', 'key'], declared: 'relative', from: 'declared', evidence: [] },
        { axis: 'heads', status: 'not-asked', values: [], declared: 'grouped', from: 'default', reason: 'not claimed', evidence: [] },
        { axis: 'window', status: 'not-inferred', values: [], declared: 'inclusive', from: 'default', reason: 'no fit', evidence: [] },
      ],
    };
    expect(probeText(probe)).toMatchInlineSnapshot(`
      "mine 2.0, f32, 0 calls
      AXIS    VALUE                  DECLARED
      causal  top-left               NO: default bottom-right
      alibi   relative or key        declared relative
      heads   not asked              default grouped
      window  could not be inferred  default inclusive

      causal
        o is 1
      alibi
      heads
        not claimed
      window
        no fit

      Not as declared. If this is intended, declare it with --dialect causal=top-left
      "
    `);
  });
});
