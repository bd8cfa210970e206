import { kernel } from './kernel.js';

/** Claims an element type that does not exist. */
export default kernel('malformed', (_, right) => right(), { dtypes: ['f33'] });
