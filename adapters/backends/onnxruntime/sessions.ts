import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel, type OneNode } from './model.js';
import type { Runtime } from './runtime.js';

/** Maximum number of sessions; the least recently used are released. */
const kept = 64;

/** Sessions by model. Their shapes are open, so that one session serves every shape. */
export class Sessions {
  readonly #runtime: Runtime;
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async get(node: OneNode): Promise<InferenceSession> {
    const key = JSON.stringify(node);
    let session = this.#sessions.get(key);
    if (session) this.#sessions.delete(key);
    else session = await this.#create(node);
    this.#sessions.set(key, session);
    if (this.#sessions.size > kept) await this.#drop();
    return session;
  }

  async release(): Promise<void> {
    while (this.#sessions.size > 0) await this.#drop();
  }

  #create(node: OneNode): Promise<InferenceSession> {
    return this.#runtime.ort.InferenceSession.create(encodeModel(this.#runtime.proto, node), this.#runtime.options);
  }

  async #drop(): Promise<void> {
    const [key, session] = this.#sessions.entries().next().value as [string, InferenceSession];
    this.#sessions.delete(key);
    await session.release();
  }
}
