/// <reference types="@webgpu/types" />

/** Returns the non-empty fields vendor, architecture, device and description of a GPU. */
export function describeAdapter({ info }: GPUAdapter): Record<string, string> {
  const { vendor, architecture, device, description } = info;
  return Object.fromEntries(Object.entries({ vendor, architecture, device, description }).filter(([, value]) => value !== ''));
}
