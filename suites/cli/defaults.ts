/** Default settings, used without a flag or configured value. */
export const defaults = {
  seed: 0,
  runs: 50,
  timeout: 10,
  startTimeout: 120,
  out: 'attn-cts-out',
  site: 'attn-cts-report',
  reporter: 'terminal',
} as const;
