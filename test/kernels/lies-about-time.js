import { kernel } from './kernel.js';

/*
 * Kernels that a benchmark must not believe. ATTN_LIE names one: attn-cts bench --adapter ./test/kernels/lies-about-time.js
 */

const none = (right) => {
  const o = right.o.data.slice().fill(0);
  return { o: { ...right.o, data: o }, lse: { ...right.lse, data: right.lse.data.slice() } };
};

const busy = (milliseconds) => {
  const start = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  while (used() < milliseconds);
};

const kept = new Map();

// a call may begin before the one before it has set the clock going again
const { bigint } = process.hrtime;

const lies = {
  /** Every answer is nothing. */
  zeros: { forward: async (_, right) => none(await right()) },
  /** Hands out memory that is filled a little later. */
  late: {
    async forward(_, right) {
      const outputs = await right();
      const given = none(outputs);
      setTimeout(() => given.o.data.set(outputs.o.data), 5);
      return given;
    },
  },
  /** The first answer for a shape is the answer for that shape. */
  cached: {
    async forward({ case: c }, right) {
      const key = JSON.stringify(c.dims);
      if (!kept.has(key)) kept.set(key, await right());
      return kept.get(key);
    },
  },
  /** Stops the clock of its own process while it works. */
  clock: {
    async forward(_, right) {
      const now = bigint();
      process.hrtime.bigint = () => now;
      busy(20);
      setTimeout(() => {
        process.hrtime.bigint = bigint;
      });
      return right();
    },
  },
  /** Times itself, at a tenth. */
  tenth: {
    capabilities: { commands: ['forward', 'time'] },
    forward: (_, right) => right(),
    async time(_, right, { repeats }) {
      let outputs;
      for (let x = 0; x < repeats; x++) {
        busy(20);
        outputs = await right();
      }
      return { nanoseconds: new Array(repeats).fill(2e6), method: 'wall', outputs };
    },
  },
};

const name = process.env.ATTN_LIE ?? 'zeros';
const lie = lies[name];
if (!lie) throw new Error(`ATTN_LIE=${name}: known are ${Object.keys(lies).join(', ')}`);
const adapter = kernel(name, lie.forward, { ...lie.capabilities, limits: {} });

export default {
  ...adapter,
  async open() {
    const opened = await adapter.open();
    const { time } = lie;
    return { ...opened, ...(time && { time: (call, timing) => time(call, () => opened.forward(call), timing) }) };
  },
};
