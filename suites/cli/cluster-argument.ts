import { existsSync } from 'node:fs';
import { checkCluster } from '../../spec/cluster/check.js';
import { parseDocument } from '../../spec/lib/documents.js';
import { nearest } from '../../spec/lib/nearest.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Cluster } from '../../spec/types/documents.js';
import { readTextFor } from '../lib/files.js';
import { UsageError } from '../lib/usage-error.js';

/** Finds a cluster by name, or reads its file. @throws {UsageError} @throws {DocumentError} */
export function readCluster(argument: string, library: SpecLibrary): Cluster {
  const known = library.clusters.get(argument);
  if (known) return known;
  if (!existsSync(argument)) {
    const names = nearest(argument, library.clusters.keys()).join(', ');
    throw new UsageError(`--cluster: found no cluster and no file "${argument}"; the nearest clusters are ${names}`);
  }
  const cluster = parseDocument('cluster', readTextFor('--cluster', argument), argument);
  checkCluster(cluster, argument);
  return cluster;
}
