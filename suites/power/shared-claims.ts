import type { Adapter } from '../../adapters/adapter.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';

/** Claims shared between mutants with equal capabilities. */
export class SharedClaims {
  private readonly known = new Map<string, Claims>();

  constructor(private readonly library: SpecLibrary) {}

  of({ id, capabilities }: Pick<Adapter, 'id' | 'capabilities'>): Claims {
    const key = JSON.stringify(capabilities);
    const claims = this.known.get(key) ?? Claims.of(this.library, resolveCapabilities(capabilities, id));
    this.known.set(key, claims);
    return claims;
  }
}
