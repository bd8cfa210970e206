import type { Page } from '../page.js';
import { accuracy } from './accuracy.js';
import { check } from './check.js';
import { dialects } from './dialects.js';
import { documentPage } from './document.js';
import { documents } from './documents.js';
import { environment } from './environment.js';
import { failures } from './failures.js';
import { features } from './features.js';
import { implementation } from './implementation.js';
import { implementations } from './implementations.js';
import { matrix } from './matrix.js';
import { power } from './power.js';
import { schemes } from './schemes.js';
import { timings } from './timings.js';

/** Pages in the order of the navigation, the landing page first. */
export const pages: readonly Page[] = [
  implementations,
  failures,
  matrix,
  documents,
  features,
  dialects,
  accuracy,
  timings,
  schemes,
  power,
  environment,
  implementation,
  documentPage,
  check,
];
