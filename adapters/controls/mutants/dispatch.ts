import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { hasOption, withoutOption } from './lib/options.js';
import { isWindow, visibilityOf } from './lib/problem-steps.js';

export const dispatchMutants = mutantsOf('Dispatch', [
  {
    id: 'softcap-lost-with-window',
    title: 'windows go to a kernel that ignores the softcap',
    imitates: 'https://github.com/sgl-project/sglang/issues/33915',
    fault: {
      call: (call) => ('name' in call.case.mask && call.case.mask.name === 'sliding-window' ? withoutOption(call, 'softcap') : call),
    },
  },
  {
    id: 'sink-lost-with-shared-heads',
    title: 'shared heads go to a kernel that ignores the sink',
    imitates: 'https://github.com/modular/modular/pull/6591',
    fault: { call: (call) => (call.case.dims.g > 1 ? withoutOption(call, 'sink') : call) },
  },
  {
    id: 'alibi-lost-with-sink',
    title: 'a sink turns ALiBi off',
    imitates: 'https://github.com/ROCm/rocm-libraries/pull/12229',
    fault: { call: (call) => (hasOption(call, 'sink') ? withoutOption(call, 'alibi') : call) },
  },
  {
    id: 'scale-lost-with-softcap',
    title: 'a softcap brings the default scale back',
    imitates: 'https://github.com/ROCm/rocm-libraries/pull/12229',
    fault: { call: (call) => (hasOption(call, 'softcap') ? withoutOption(call, 'scale') : call) },
  },
  {
    id: 'window-lost-in-decoding',
    title: 'one query goes to a kernel that ignores the window',
    imitates: 'https://github.com/ModelTC/LightLLM/pull/1312',
    fault: { steps: visibilityOf((p) => (isWindow(p) && p.m === 1 ? { ...p, left: -1 } : p)) },
  },
  {
    id: 'heads-tiled-with-odd-groups',
    title: 'groups of three go to a kernel that tiles heads',
    imitates: 'kernels specialised for group sizes, with another one for the rest',
    fault: { steps: { keyHead: (p, h) => (p.g === 3 ? h % p.hk : standardSteps.keyHead(p, h)) } },
  },
]);
