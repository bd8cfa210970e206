import { reference } from '../../../../../dist/adapters/controls/reference/index.js';

/** What goes wrong on the rank that has the second token, by the seed of the case. Dying by a signal takes the whole process; the last one takes the process that started the rank. */
const faults = {
  101: () => {
    throw new TypeError('this block is beyond it');
  },
  102: () => process.exit(3),
  103: () => process.kill(process.pid, 'SIGKILL'),
  104: () => new Promise(() => {}),
  105: () => {
    setTimeout(() => {
      throw new RangeError('thrown out of turn');
    });
    return new Promise(() => {});
  },
  106: () => process.kill(process.ppid, 'SIGKILL'),
};

/** The reference, but for its faults. */
export default {
  id: 'faulty-rank',
  title: 'Fails on one rank',
  capabilities: reference.capabilities,
  async open() {
    const right = await reference.open();
    return {
      environment: {},
      async forward(call) {
        const { values, block } = call.case;
        if (block.queries[0] === 1) await faults[values.seed]?.();
        return right.forward(call);
      },
      backward: (call) => right.backward(call),
      async [Symbol.asyncDispose]() {},
    };
  },
};
