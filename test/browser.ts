import { chromium } from 'playwright-core';
import { findChromium } from '../adapters/backends/chromium/executable.js';
import { absent, type Backend } from './backend.js';

/** Tells whether there is a Chromium to open pages in, with WebGPU or without: nothing is started. */
export function browserHere(): Backend {
  try {
    findChromium(chromium.executablePath());
    return {};
  } catch (error) {
    return absent('chromium', error instanceof Error ? error.message : String(error));
  }
}
