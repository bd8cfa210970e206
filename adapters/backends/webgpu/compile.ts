/// <reference types="@webgpu/types" />

/** Error of a shader that does not compile, with messages `line:column text`. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
  constructor(
    readonly label: string,
    readonly messages: readonly string[],
  ) {
    super(`${label} does not compile:\n${messages.join('\n')}`);
  }
}

/** @throws {ShaderError} with the compile log if the code has errors. */
export async function compileShader(device: GPUDevice, code: string, label: string): Promise<GPUShaderModule> {
  // an error outside a scope would be reported as uncaught
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code });
  const [{ messages }, failure] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
  const errors = messages.filter((message) => message.type === 'error');
  if (errors.length > 0)
    throw new ShaderError(
      label,
      errors.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`),
    );
  if (failure) throw new ShaderError(label, [failure.message]);
  return module;
}
