import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { checkExpression } from '../../../spec/expression/check.js';
import type { ExpressionType } from '../../../spec/expression/operations.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import type { Capabilities, Expression, Operator, WgslBinding, WgslManifest, WgslProgram } from '../../../spec/types/documents.js';
import { CallNames } from '../manifest/names.js';
import { checkClaimedNames, claimedGradients, claimedOperators, type KnownOperators, tensorNames } from '../manifest/tensors.js';

/** Input tensors of a call (CONTRACTS: tensors). */
const inputs = [
  'q',
  'k',
  'v',
  'mask',
  'bias',
  'alibi',
  'sink',
  'document',
  'lengths',
  'blocks',
  'blockEdges',
  'cu_q',
  'cu_k',
  'q_scale',
  'k_scale',
  'v_scale',
];
const backwardInputs = [...inputs, 'do', 'dlse', 'o', 'lse'];
const gradients = ['dq', 'dk', 'dv', 'dsink', 'dbias', 'dalibi'];

export type Command = 'forward' | 'backward';

/** Returns the tensors that a pass writes, with outputs of claimed operators. */
export function outputsOf(command: Command, operators: readonly Operator[]): readonly string[] {
  const own = tensorNames(operators);
  return [...new Set(command === 'forward' ? ['o', 'lse', ...own.outputs] : [...gradients, ...own.gradients])];
}

function inputsOf(command: Command, operators: readonly Operator[]): readonly string[] {
  const own = tensorNames(operators);
  const forward = [...inputs, ...own.inputs];
  return [...new Set(command === 'forward' ? forward : [...backwardInputs, ...forward, ...own.cotangents, ...own.outputs])];
}

/** Checks a manifest beyond its schema. @throws {DocumentError} at the first fault. */
export function checkManifest(manifest: WgslManifest, document: string, known?: KnownOperators): void {
  const { capabilities } = manifest;
  const wide = capabilities.dtypes.indexOf('f64');
  if (wide >= 0) throw new DocumentError(document, `$.capabilities.dtypes[${wide}]`, 'found "f64", a type that WGSL does not have');
  if (capabilities.pages)
    throw new DocumentError(document, '$.capabilities.pages', 'must be absent: a wgsl manifest has no bindings for pages');
  const operators = claimedOperators(capabilities, known);
  checkClaimedNames(capabilities, operators, document);
  new ProgramCheck(manifest, 'forward', capabilities, operators, document, '$').check();
  const { gradients: claimed = false } = capabilities;
  if (manifest.backward) new ProgramCheck(manifest.backward, 'backward', capabilities, operators, document, '$.backward').check();
  else if (claimed === true || (claimed && claimed.length > 0))
    throw new DocumentError(document, '$', '"backward" is missing, but the capabilities claim gradients');
  const binds = (program: WgslProgram | undefined, name: string) => program?.bindings.some(({ tensor }) => tensor === name);
  const lacking = outputsOf('forward', operators).find((name) => binds(manifest.backward, name) && !binds(manifest, name));
  if (lacking) throw new DocumentError(document, '$.bindings', `no buffer holds "${lacking}", which the backward pass reads`);
}

class ProgramCheck {
  readonly #names: readonly string[];

  constructor(
    readonly program: WgslProgram,
    readonly command: Command,
    readonly capabilities: Capabilities,
    readonly operators: readonly Operator[],
    readonly document: string,
    readonly path: string,
  ) {
    this.#names = new CallNames(capabilities, operators).all;
  }

  check(): void {
    this.#checkFile();
    this.#checkPasses();
    this.#checkBindings();
    this.#checkClaims();
    this.program.uniforms?.fields.forEach(({ name, value }, x) => {
      const path = `.uniforms.fields[${x}]`;
      if (value === undefined) this.#expression(name, `${path}.name`);
      else this.#expression(value, `${path}.value`);
    });
    for (const [name, value] of Object.entries(this.program.overrides ?? {})) this.#expression(value, `.overrides.${name}`);
    for (const [name, bytes] of Object.entries(this.program.scratch ?? {}))
      this.#expression(bytes, `.scratch[${JSON.stringify(name)}]`, 'number');
  }

  #fault(path: string, problem: string): never {
    throw new DocumentError(this.document, this.path + path, problem);
  }

  #expression(value: Expression, path: string, type?: ExpressionType): void {
    checkExpression(value, { values: this.#names, tables: [] }, this.document, this.path + path, type);
  }

  #checkFile(): void {
    const { file } = this.program;
    const missing = typeof file === 'string' ? undefined : this.capabilities.dtypes.find((dtype) => !Object.hasOwn(file, dtype));
    if (missing !== undefined) this.#fault('.file', `"${missing}" is missing, but the capabilities claim that dtype`);
  }

  #checkPasses(): void {
    const { entry, workgroups, passes } = this.program;
    if (passes) {
      if (entry !== undefined || workgroups)
        this.#fault(
          '.passes',
          'must be absent where "entry" or "workgroups" is given: a program has either passes, or one entry with its workgroups',
        );
      for (const [x, pass] of passes.entries()) this.#checkWorkgroups(pass.workgroups, `.passes[${x}].workgroups`);
      return;
    }
    if (entry === undefined) this.#fault('', '"entry" is missing');
    if (!workgroups) this.#fault('', '"workgroups" is missing');
    this.#checkWorkgroups(workgroups, '.workgroups');
  }

  #checkWorkgroups(workgroups: readonly Expression[], path: string): void {
    for (const [x, count] of workgroups.entries()) this.#expression(count, `${path}[${x}]`, 'number');
  }

  #checkBindings(): void {
    const taken = new Map<string, string>();
    const take = (path: string, { group = 0, binding }: Pick<WgslBinding, 'group' | 'binding'>) => {
      const place = `@group(${group}) @binding(${binding})`;
      const other = taken.get(place);
      if (other !== undefined) this.#fault(path, `${place} is already taken by ${other}`);
      taken.set(place, this.path + path);
    };
    const outputs = outputsOf(this.command, this.operators);
    const given = inputsOf(this.command, this.operators);
    const scratch = Object.keys(this.program.scratch ?? {});
    const shadowed = scratch.find((name) => [...given, ...outputs].includes(name));
    if (shadowed !== undefined) this.#fault(`.scratch.${shadowed}`, 'a tensor has this name; give the scratch buffer another one');
    const known = [...given, ...outputs, ...scratch];
    this.program.bindings.forEach((binding, x) => {
      const path = `.bindings[${x}]`;
      const { tensor, dtype, access } = binding;
      if (!known.includes(tensor))
        this.#fault(`${path}.tensor`, `found "${tensor}", which names no tensor; ${nearestNames(tensor, known)}`);
      if (dtype !== undefined && !outputs.includes(tensor))
        this.#fault(`${path}.dtype`, `"${tensor}" is not an output; only outputs have a dtype of their own`);
      if (access === 'read' && outputs.includes(tensor))
        this.#fault(`${path}.access`, `"${tensor}" is an output: found "read", must be "read_write"`);
      take(path, binding);
    });
    if (this.program.uniforms) take('.uniforms', this.program.uniforms);
  }

  /** Requires a buffer for each claim; a backward pass may omit inputs that the LSE includes. */
  #checkClaims(): void {
    const bound = new Set(this.program.bindings.map(({ tensor }) => tensor));
    const claims =
      this.command === 'forward' ? forwardClaims(this.capabilities, this.operators) : backwardClaims(this.capabilities, this.operators);
    const lacking = claims.find(([tensor]) => !bound.has(tensor));
    if (lacking) this.#fault('.bindings', `no buffer holds "${lacking[0]}", but the capabilities claim ${lacking[1]}`);
  }
}

type Claim = readonly [tensor: string, claim: string];

function packedClaims({ layouts = [] }: Capabilities): Claim[] {
  return layouts.includes('thd') ? ['cu_q', 'cu_k'].map((name): Claim => [name, 'layout thd']) : [];
}

function forwardClaims(capabilities: Capabilities, operators: readonly Operator[]): Claim[] {
  const { options = [], denseMask = false, outputs = ['o'] } = capabilities;
  return [
    ...packedClaims(capabilities),
    ...options.filter((name) => inputsOf('forward', operators).includes(name)).map((name): Claim => [name, `option ${name}`]),
    ...(denseMask === 'boolean' || denseMask === 'both' ? [['mask', 'boolean masks'] as const] : []),
    ...(denseMask === 'additive' || denseMask === 'both' ? [['bias', 'additive masks'] as const] : []),
    ...outputs.map((name): Claim => [name, `output ${name}`]),
  ];
}

function backwardClaims(capabilities: Capabilities, operators: readonly Operator[]): Claim[] {
  const full = resolveCapabilities(capabilities, 'the manifest');
  const claims = claimedGradients(full, operators).map((name): Claim => [name, `gradient ${name.slice(1)}`]);
  const dlse: Claim[] = full.gradients.includes('dlse') ? [['dlse', 'gradient dlse']] : [];
  return [...packedClaims(capabilities), ...claims, ...dlse];
}
