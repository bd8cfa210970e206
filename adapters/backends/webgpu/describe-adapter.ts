/// <reference types="@webgpu/types" />

/** What a reader needs to know of a GPU; what it does not tell is left out. */
export function describeAdapter({ info }: GPUAdapter): Record<string, string> {
  const { vendor, architecture, device, description } = info;
  return Object.fromEntries(Object.entries({ vendor, architecture, device, description }).filter(([, value]) => value !== ''));
}
