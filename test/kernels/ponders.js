import { kernel } from './kernel.js';

let pondered = false;

/** Right, and takes 0.7 s of CPU time for its first call from 20 keys on. */
export default kernel('ponders', ({ case: c }, right) => {
  const began = process.cpuUsage();
  const spent = () => Object.values(process.cpuUsage(began)).reduce((sum, part) => sum + part) / 1e6;
  if (c.dims.n >= 20 && !pondered) while (spent() < 0.7);
  pondered ||= c.dims.n >= 20;
  return right();
});
