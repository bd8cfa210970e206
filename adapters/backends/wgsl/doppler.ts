/// <reference types="@webgpu/types" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expression, Limits, WgslManifest } from '../../../spec/types/documents.js';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { type Checkout, checkoutFolder, commitOf } from '../checkout.js';
import { openDawn, openDevice } from '../webgpu/dawn.js';
import { checkManifest } from './check.js';
import { openManifestKernel } from './kernel.js';

const kernels = 'src/gpu/kernels';
const project: Checkout = {
  variable: 'ATTN_CTS_DOPPLER',
  repository: 'https://github.com/clocksmith/doppler',
  holds: `${kernels}/attention.wgsl`,
};

interface Shader {
  readonly file: string;
  readonly title: string;
  readonly entry: string;
  readonly workgroups: readonly [Expression];
  readonly start: Expression;
  /** Number of unused four-byte fields after kv_layout. */
  readonly padding: number;
  readonly tile: number;
  readonly limits: Limits;
  readonly windows?: true;
}

const heads: Expression = 'h';
/** Keys of a case with a window, to exclude unsupported windows by their sizes. */
const windowed = 256;
/** Unsupported windows: ahead of the query, without the causal mask, or empty. */
const noWindows = [{ left: 0 }, { right: -1 }, ...Array.from({ length: windowed }, (_, x) => ({ right: x + 1 }))];

const attention: Shader = {
  file: 'attention.wgsl',
  title: 'Doppler, attention.wgsl',
  entry: 'main',
  workgroups: [['*', ['floor', ['/', ['+', 'm', 31], 32]], heads]],
  start: 0,
  padding: 5,
  tile: 32,
  limits: { b: [1], d: { max: 64 }, e: '=d' },
};

const shaders: Readonly<Record<string, Shader>> = {
  'doppler-attention': attention,
  'doppler-attention-window': {
    ...attention,
    title: 'Doppler, attention.wgsl, windows',
    limits: { ...attention.limits, n: { max: windowed } },
    windows: true,
  },
  'doppler-attention-small': {
    ...attention,
    file: 'attention_small.wgsl',
    title: 'Doppler, attention_small.wgsl',
    padding: 1,
    limits: { b: [1], d: { max: 256 }, e: '=d' },
  },
  'doppler-attention-streaming': {
    file: 'attention_streaming.wgsl',
    title: 'Doppler, attention_streaming.wgsl',
    entry: 'main',
    workgroups: [['*', 'm', heads]],
    start: 0,
    padding: 5,
    tile: 1,
    // one workgroup per row: Doppler's limit is 65,535 in a dispatch
    limits: { b: [1], m: { max: 4096 }, d: { max: 512 }, e: '=d' },
  },
  'doppler-attention-decode': {
    file: 'attention_decode.wgsl',
    title: 'Doppler, attention_decode.wgsl',
    entry: 'attention_decode',
    workgroups: [heads],
    start: 'offset',
    padding: 1,
    tile: 1,
    limits: { b: [1], m: [1], d: { max: 64 }, e: '=d' },
  },
};

const u32 = (name: string, value: Expression) => ({ name, type: 'u32', value }) as const;

/** Returns a manifest for Q [m, h, d] and K, V [n, hk, d] without pages. */
function manifestOf(id: string, { file, title, entry, workgroups, start, padding, tile, limits, windows }: Shader): WgslManifest {
  const unused = [
    { binding: 5, tensor: 'kv_len', access: 'read' },
    { binding: 6, tensor: 'page_table', access: 'read' },
  ] as const;
  return {
    adapter: { id, title },
    file,
    entry,
    workgroups: [...workgroups],
    scratch: { kv_len: 4, page_table: 4 },
    bindings: [...['q', 'k', 'v', 'o'].map((tensor, x) => ({ binding: x + 1, tensor })), ...unused],
    uniforms: {
      binding: 0,
      fields: [
        u32('num_heads', heads),
        u32('num_kv_heads', 'hk'),
        u32('head_dim', 'd'),
        u32('seq_len', 'n'),
        u32('query_len', 'm'),
        { name: 'scale', type: 'f32' },
        u32('is_causal', ['=', 'right', 0]),
        u32('start_pos', start),
        { name: 'attn_softcap', type: 'f32', value: 'softcap' },
        u32('sliding_window', ['max', 'left', 0]),
        ...['kv_len_source', 'kv_start', 'page_size', 'kv_layout'].map((name) => u32(name, 0)),
        ...Array.from({ length: padding }, (_, x) => u32(`pad${x}`, 0)),
      ],
    },
    capabilities: {
      dtypes: ['f32'],
      operators: ['softmax'],
      ...(windows
        ? { masks: ['sliding-window'], excludes: noWindows.map((parameters) => ({ mask: { name: 'sliding-window', parameters } })) }
        : { masks: ['full', 'causal'] }),
      options: ['scale', 'softcap'],
      outputs: ['o'],
      layouts: ['blhd'],
      limits,
      dialect: { ...(windows && { window: 'exclusive' }), ...(start === 0 && { causal: 'top-left' }) },
      numeric: { accumulate: 'f32', flushToZero: true, tile },
    },
  };
}

/** Makes an adapter for a shader of the user's Doppler clone, on Dawn. */
export function doppler(id: string): Adapter {
  const manifest = manifestOf(id, shaders[id]);
  const capabilities = { device: 'webgpu', ...manifest.capabilities };
  return {
    id,
    title: manifest.adapter.title,
    capabilities,
    async open() {
      const folder = checkoutFolder(project);
      checkManifest(manifest, id);
      const path = join(folder, kernels, manifest.file as string);
      const sources = new Map([['f32', { path, code: textOf(path) }]] as const);
      const { adapter, environment } = await openDawn();
      const version = await commitOf(folder);
      return openManifestKernel(await openDevice(adapter, []), {
        manifest: id,
        capabilities,
        operators: [],
        forward: { program: manifest, sources },
        environment: { ...environment, doppler: version },
      });
    },
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Unavailable(`no such file: ${path}`, `use another commit of ${project.repository}`);
  }
}
