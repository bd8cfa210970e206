/// <reference types="@webgpu/types" />

/** Describes a GPU for reports: vendor, architecture, device and description. Fields that the GPU leaves empty are left out. */
export function describeAdapter({ info }: GPUAdapter): Record<string, string> {
  const { vendor, architecture, device, description } = info;
  return Object.fromEntries(Object.entries({ vendor, architecture, device, description }).filter(([, value]) => value !== ''));
}
