import type { Adapter } from '../../adapter.js';
import { openLibrary } from '../../system/shared-library.js';
import { checkManifest } from './check-manifest.js';
import { openKernel } from './kernel.js';
import { ownLibrary } from './own-library.js';
import { ownManifest } from './own-manifest.js';

/** Our own C++ kernel, called as anybody's library is. */
export const native: Adapter = {
  id: ownManifest.adapter.id,
  title: ownManifest.adapter.title,
  capabilities: ownManifest.capabilities,
  async open() {
    const { file, compiler, flags } = await ownLibrary();
    const library = await openLibrary(file, 'native');
    return openKernel({ ...library, environment: { ...library.environment, compiler, flags } }, checkManifest(ownManifest, 'native'));
  },
};
