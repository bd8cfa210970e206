/** Fields of the uniform of every shader, with WGSL types of four bytes. */
const fields = [
  'b: u32',
  'hk: u32',
  'g: u32',
  'm: u32',
  'n: u32',
  'd: u32',
  'e: u32',
  // offset from a query's index to its position among the keys
  'offset: i32',
  // keys visible left and right of that position; −1: all
  'left: i32',
  'right: i32',
  'scale: f32',
  // 0: no cap
  'softcap: f32',
  'softcap_inverse: f32',
  // word indices in `extras`, or `absent`; strides are 0 along axes of size 1
  'mask_at: u32',
  'mask_b: u32',
  'mask_h: u32',
  'mask_i: u32',
  'bias_at: u32',
  'bias_b: u32',
  'bias_h: u32',
  'bias_i: u32',
  'alibi_at: u32',
  'sink_at: u32',
  'document_at: u32',
  'lengths_at: u32',
  'padded_left: u32',
  // table of packed documents, with a row for each query
  'rows_at: u32',
  // page table of paged keys and values, and slots of a page
  'table_at: u32',
  'page: u32',
  'dlse_at: u32',
  'splits: u32',
  'split_keys: u32',
] as const;

type NameOf<Field extends string> = Field extends `${infer Name}: ${string}` ? Name : never;
export type Parameters = Record<NameOf<(typeof fields)[number]>, number>;

/** Index of a missing tensor. */
export const absent = 0xffffffff;

export const parametersStruct = `struct Parameters {\n${fields.map((field) => `  ${field},`).join('\n')}\n}`;

/** Returns the uniform's words; its size is a multiple of 16 bytes. */
export function parameterWords(parameters: Parameters): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(Math.ceil(fields.length / 4) * 16));
  fields.forEach((field, at) => {
    const [name, type] = field.split(': ') as [keyof Parameters, 'u32' | 'i32' | 'f32'];
    if (type === 'f32') view.setFloat32(at * 4, parameters[name], true);
    else view.setUint32(at * 4, parameters[name], true);
  });
  return view.buffer as ArrayBuffer;
}
