import { loadAdapter } from '../../dist/adapters/load.js';
import reference from './small-reference.js';

const native = await loadAdapter('native');
const { dtypes, limits } = reference.capabilities;

/** The compiled kernel on the small problems of `small-reference.js`. */
export default { ...native, id: 'small-native', capabilities: { ...native.capabilities, dtypes, limits } };
