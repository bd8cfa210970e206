import type { Adapter } from '../../adapters/adapter.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';

/** Claims of mutants, of which most claim the same: what is known of an operator under certain claims is computed once for all of them. */
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
