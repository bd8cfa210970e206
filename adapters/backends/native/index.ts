import type { Adapter } from '../../adapter.js';
import { openLibrary } from '../../system/shared-library.js';
import { builtInLibrary } from './built-in-library.js';
import { builtInManifest } from './built-in-manifest.js';
import { checkManifest } from './check-manifest.js';
import { openKernel } from './kernel.js';

/** Built-in C++ kernel, called like any user's library. */
export const native: Adapter = {
  id: builtInManifest.adapter.id,
  title: builtInManifest.adapter.title,
  capabilities: builtInManifest.capabilities,
  async open() {
    const { file, compiler, flags } = await builtInLibrary();
    const library = await openLibrary(file, 'native');
    return openKernel({ ...library, environment: { ...library.environment, compiler, flags } }, checkManifest(builtInManifest, 'native'));
  },
};
