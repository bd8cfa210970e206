import { reference } from '../../dist/adapters/controls/reference/index.js';

/** The reference under a title that says how threads of OpenMP wait in its process. */
export default { ...reference, id: 'waits', title: process.env.OMP_WAIT_POLICY ?? 'as OpenMP does' };
