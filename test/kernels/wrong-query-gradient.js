import { reference } from '../../dist/adapters/controls/reference/index.js';
import { kernel } from './kernel.js';

const right = kernel('wrong-query-gradient', (_, answer) => answer(), { gradients: ['q', 'k', 'v'], commands: ['forward', 'backward'] });

/** Right forwards; its gradient of the queries is twice what it should be. */
export default {
  ...right,
  async open() {
    const own = await right.open();
    const inner = await reference.open();
    const backward = async (call) => {
      const gradients = await inner.backward(call);
      return { ...gradients, dq: { ...gradients.dq, data: gradients.dq.data.map((x) => 2 * x) } };
    };
    return { ...own, backward };
  },
};
