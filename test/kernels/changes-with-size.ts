import { onlineCapabilities } from '../../adapters/controls/reference/capabilities.js';
import { dialectKernel } from './dialects.js';

/* The reference kernel, which from 64 queries on lets NaN through and aligns causal masks at the top left. */

const few = dialectKernel({});
const many = dialectKernel({ maskedNaN: 'leaks', causal: 'top-left' });

export default {
  id: 'changes-with-size',
  title: 'Another dialect from 64 queries on',
  capabilities: { ...onlineCapabilities, operators: ['softmax'], dtypes: ['f32'], gradients: false },
  open: async () => ({
    ...few,
    forward: (call: Parameters<typeof few.forward>[0]) => (call.case.dims.m < 64 ? few : many).forward(call),
  }),
};
