import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../../adapters/kernel.js';
import type { Capabilities } from '../../../../spec/types/documents.js';
import { dialectKernel } from '../../../kernels/dialects.js';
import { checked, checkedHint } from '../../runner/checked.js';
import { backwardClaims, backwardWith } from '../naive-backward.js';

/** A kernel whose softcap is of score plus bias, in both passes. */
const kernel: Kernel = { ...dialectKernel({ bias: 'before-softcap' }), backward: backwardWith({}).backward };

const claims: Partial<Capabilities> = { ...backwardClaims, options: ['softcap', 'bias'], gradients: ['q', 'k', 'v', 'bias'] };
const declared: Partial<Capabilities> = { ...claims, dialect: { bias: 'before-softcap' } };
const checks = ['softmax+all/any/oracle/f32', 'softmax+bias/any/oracle/f32', 'softmax+all/any/gradient/f32', 'softmax/any/dialect/f32'];

describe('a softcap of score plus bias', () => {
  it.each(checks)('passes where it is declared: %s', async (check) => {
    expect(await checked(kernel, check, declared)).toMatchObject({ verdict: 'pass' });
  });

  it.each(['softmax+all/any/oracle/f32', 'softmax+all/any/gradient/f32'])('is named where it is not declared: %s', async (check) => {
    expect(await checkedHint(kernel, check, claims)).toBe(
      'the output matches the dialect bias=before-softcap: if this is intended, declare it with --dialect bias=before-softcap (see the check softmax/any/dialect/f32)',
    );
  });
});
