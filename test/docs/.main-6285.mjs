// test/docs/main.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join5 } from "node:path";
import { fileURLToPath as fileURLToPath5 } from "node:url";

// test/docs/api.ts
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";
var here = (path) => fileURLToPath(new URL(path, import.meta.url));
async function apiSections(folder3) {
  const out = join(folder3, "api");
  rmSync(out, { recursive: true, force: true });
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: [here("../../dist/suites/index.d.ts"), here("../../dist/suites/vitest/index.d.ts")],
    tsconfig: here("./tsconfig.json"),
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    // what lies beside the pages is not its own to clean
    cleanOutputDir: false,
    out,
    readme: "none",
    name: "The package attention-cts",
    logLevel: "Error",
    ...{
      router: "module",
      entryFileName: "index.md",
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      expandParameters: true,
      parametersFormat: "table",
      interfacePropertiesFormat: "table",
      typeDeclarationFormat: "table",
      propertyMembersFormat: "table",
      enumMembersFormat: "table"
    }
  });
  const project = await application.convert();
  if (!project) throw new Error("typedoc could not read the declarations of the package: npm run build");
  await application.outputs.writeOutput({ name: "markdown", path: out }, project);
  const pages2 = readdirSync(out).filter((file) => file.endsWith(".md")).map((file) => {
    const text = readFileSync(join(out, file), "utf8").replaceAll(/^(# |- \[)(index|vitest)$|^(- \[)(index|vitest)(\])/gm, named);
    return { path: `api/${file}`, name: /^# (.+)$/m.exec(text)?.[1] ?? file, text };
  });
  return [{ title: "The package", pages: pages2 }];
}
function named(_, heading = "", title = "", bullet = "", entry = "", end = "") {
  return `${heading}${bullet}${(title || entry) === "index" ? "attention-cts" : "attention-cts/vitest"}${end}`;
}

// test/docs/commands.ts
import { entriesOfOptions } from "../../dist/suites/cli/options.js";
import { createProgram } from "../../dist/suites/cli/program.js";

// spec/schema/config.schema.json
var config_schema_default = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "https://attention-cts.dev/schema/config.schema.json",
  title: "Config",
  description: "attn-cts.config.ts, .js or .json: sets what the flags of `attn-cts run` set. Flags win.",
  type: "object",
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    adapters: { type: "array", items: { type: "string" } },
    profiles: { type: "array", items: { type: "string" } },
    filter: { type: "array", items: { type: "string" } },
    seed: { anyOf: [{ type: "integer", minimum: 0, maximum: 4294967295 }, { enum: ["random"] }] },
    runs: { type: "integer", minimum: 1 },
    speed: { $ref: "common.schema.json#/definitions/speed" },
    tokens: {
      description: "Keys of the cases of long-targeted; at least 1024.",
      type: "integer",
      minimum: 1024,
      maximum: 16777216
    },
    hunt: {
      description: "Seconds to look for the cases with the largest error \xF7 bound, after the drawn ones.",
      type: "number",
      exclusiveMinimum: 0
    },
    timeLimit: { description: "Seconds.", type: "number", exclusiveMinimum: 0 },
    timeout: { description: "Seconds a call.", type: "number", exclusiveMinimum: 0 },
    startTimeout: { description: "Seconds.", type: "number", exclusiveMinimum: 0 },
    jobs: { type: "integer", minimum: 1 },
    expectations: { type: "string" },
    corpus: { description: "Folder of saved failures.", type: "string" },
    costs: { description: "File of a cost table, by which a plan is divided into shards.", type: "string" },
    reporters: { type: "array", items: { type: "string" } },
    out: { type: "string" },
    slow: {
      description: "Cases per check of the built-ins that are slow to start or to call: judged too, where it is given.",
      type: "integer",
      minimum: 1
    },
    python: { description: "The interpreter of Python adapters.", type: "string" },
    tmp: { description: "Folder for the files of process adapters.", type: "string" },
    bail: { type: "integer", minimum: 1 },
    allowIncomplete: { type: "boolean" },
    failOnWarnings: { description: "Accuracy warnings make exit code 1.", type: "boolean" },
    schemes: { type: "array", items: { type: "string" } },
    ranks: { type: "array", minItems: 1, items: { type: "integer", minimum: 1, maximum: 64 } },
    transport: { enum: ["simulated", "workers", "mpi"] },
    hostfile: { description: "Of Open MPI: the hosts of the ranks.", type: "string" },
    spec: { type: "array", items: { type: "string" } },
    dialect: { $ref: "common.schema.json#/definitions/dialect" }
  }
};

// test/docs/page.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join as join2 } from "node:path";
var marks = /[\\*_[\]<>{}|$~]/g;
function prose(text) {
  return text.split(/(`[^`]+`)/).map((part, at) => at % 2 === 1 ? part : part.replaceAll(marks, (mark) => `&#${mark.charCodeAt(0)};`)).join("");
}
function code(text) {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}
function block(language, lines) {
  return ["```".concat(language), ...lines, "```"].join("\n");
}
function table(head, rows) {
  if (rows.length === 0) return "";
  const line = (cells) => `| ${cells.map((cell2) => cell2.replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
function paragraphs(...parts) {
  return `${parts.filter((part) => part !== void 0 && part !== "").join("\n\n")}
`;
}
function sourcesOf(sources = []) {
  return sources.map(({ title, url }) => url === void 0 ? `- ${prose(title)}` : `- [${prose(title)}](${url})`).join("\n");
}
function write(folder3, path, text) {
  const file = join2(folder3, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

// test/docs/commands.ts
function commandSections(program = createProgram(() => {
})) {
  const commands2 = program.commands.filter((command) => !("_hidden" in command && command._hidden));
  const pages2 = commands2.map((command) => ({ path: `commands/${command.name()}.md`, name: command.name(), text: pageOf(command) }));
  const { words, examples } = moreHelpOf(program);
  const index = paragraphs(
    "# The command line",
    prose(program.description()),
    table(
      ["command", "what it does"],
      commands2.map((command) => [`[${code(`attn-cts ${command.name()}`)}](./${command.name()}.md)`, prose(command.description())])
    ),
    ...words.map(prose),
    "## Examples",
    examples,
    "What [a configuration file](../documents/config.md) may say are the keys of the second column of [run](./run.md#options). See also [the exit codes](../../contracts/verdicts.md#exit-codes)."
  );
  return [{ title: "Commands", pages: [{ path: "commands/index.md", name: "All commands", text: index }, ...pages2] }];
}
function pageOf(command) {
  const { words, examples } = moreHelpOf(command);
  const keys = command.name() === "run" ? keysOfRun() : void 0;
  const options = command.options.filter(({ hidden }) => !hidden);
  const usage = [command.name(), ...command.registeredArguments.map(argumentText), ...options.length > 0 ? ["[options]"] : []];
  return paragraphs(
    `# attn-cts ${command.name()}`,
    prose(command.description()),
    block("sh", [`npx attn-cts ${usage.join(" ")}`]),
    command.registeredArguments.some(({ description }) => description) ? table(
      ["argument", "meaning"],
      command.registeredArguments.map((argument) => [code(argumentText(argument)), prose(argument.description)])
    ) : "",
    options.length > 0 ? "## Options" : "",
    keys ? table(
      ["flag", "configuration", "meaning"],
      options.map((option) => [code(option.flags), keys.get(option.flags) ?? "", meaningOf(option)])
    ) : table(
      ["flag", "meaning"],
      options.map((option) => [code(option.flags), meaningOf(option)])
    ),
    ...words.length > 0 ? ["## More", ...words.map((part) => part.includes("\n  ") ? block("text", part.split("\n")) : prose(part))] : [],
    examples && "## Examples",
    examples
  );
}
function argumentText(argument) {
  const name = `${argument.name()}${argument.variadic ? "\u2026" : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
function keysOfRun() {
  const inConfig = Object.keys(config_schema_default.properties);
  return new Map(entriesOfOptions().map(([key, { flag }]) => [flag, inConfig.includes(key) ? code(key) : ""]));
}
function meaningOf({ description, argChoices, defaultValue }) {
  const isSaid = description.includes("(default:") || description.includes("; default:");
  const isPlain = typeof defaultValue === "string" || typeof defaultValue === "number";
  const notes = [...argChoices ? [`one of ${argChoices.join(", ")}`] : [], ...isPlain && !isSaid ? [`default: ${defaultValue}`] : []];
  if (notes.length === 0) return prose(description);
  const said = /^(.*) \(([^()]*)\)$/s.exec(description);
  return prose(said ? `${said[1]} (${[...notes, said[2]].join("; ")})` : `${description} (${notes.join("; ")})`);
}
function moreHelpOf(command) {
  let help = "";
  const output = command.configureOutput();
  command.configureOutput({
    ...output,
    writeOut: (text) => {
      help += text;
    }
  });
  command.outputHelp();
  command.configureOutput(output);
  const [before, examples = ""] = help.slice(command.helpInformation().length).split(/^Examples:\n/m);
  const [lines, ...after] = examples.trimEnd().split("\n\n");
  const words = [before, ...after].flatMap((text) => text.split("\n\n")).map((text) => text.trim());
  return {
    words: words.filter((text) => text !== ""),
    examples: lines === "" ? "" : block(
      "sh",
      lines.split("\n").map((line) => line.replace(/^ {2}\$ /, ""))
    )
  };
}

// test/docs/documents.ts
import { readdirSync as readdirSync2, readFileSync as readFileSync2 } from "node:fs";
import { fileURLToPath as fileURLToPath2 } from "node:url";
var folder = fileURLToPath2(new URL("../../spec/schema/", import.meta.url));
function documentSections() {
  const names = readdirSync2(folder).filter((file) => file.endsWith(".schema.json")).map((file) => file.replace(".schema.json", "")).sort();
  const schemas = names.map((name) => ({ name, schema: JSON.parse(readFileSync2(`${folder}${name}.schema.json`, "utf8")) }));
  const pages2 = schemas.map(({ name, schema }) => ({ path: `documents/${name}.md`, name, text: documentPage(name, schema) }));
  const index = paragraphs(
    "# Documents",
    'Every file that the suite reads or writes, and every line of the process protocol, has a JSON Schema, which comes with the package in `spec/schema/`. Keys that a schema does not have are an error in a file, and a warning from a process. Numbers that JSON lacks are the texts `"NaN"`, `"Infinity"`, `"-Infinity"` and `"-0"`.',
    table(
      ["document", "what it is"],
      schemas.map(({ name, schema }) => [`[${name}](./${name}.md)`, prose(schema.description ?? "")])
    )
  );
  return [{ title: "Documents", pages: [{ path: "documents/index.md", name: "All documents", text: index }, ...pages2] }];
}
function documentPage(name, schema) {
  const definitions = Object.entries(schema.definitions ?? {});
  return paragraphs(
    `# ${name}`,
    prose(schema.description ?? ""),
    bodyOf(schema),
    ...definitions.flatMap(([key, definition]) => [
      `## ${key} {#${key.toLowerCase()}}`,
      prose(definition.description ?? ""),
      bodyOf(definition)
    ])
  );
}
function bodyOf(schema) {
  const alternatives = [...schema.anyOf ?? [], ...schema.oneOf ?? []];
  if (schema.properties) return keysOf(schema);
  if (alternatives.some(({ properties: properties2 }) => properties2)) {
    return alternatives.map((one) => [prose(one.description ?? ""), bodyOf(one)].filter((text) => text !== "").join("\n\n")).join("\n\nor\n\n");
  }
  if (schema.items && !Array.isArray(schema.items) && schema.items.properties) {
    return `A list of objects:

${keysOf(schema.items)}`;
  }
  return typeOf(schema);
}
function keysOf({ properties: properties2 = {}, required = [] }) {
  return table(
    ["key", "value", "meaning"],
    Object.entries(properties2).filter(([key]) => key !== "$schema").map(([key, value]) => [`${code(key)}${required.includes(key) ? "" : " (optional)"}`, typeOf(value), prose(value.description ?? "")])
  );
}
function typeOf(schema) {
  if (schema.$ref !== void 0) return referenceOf(schema.$ref);
  if (schema.const !== void 0) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(", ");
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(" or ");
  if (schema.type === "array") {
    if (Array.isArray(schema.items)) return `[${schema.items.map(typeOf).join(", ")}]`.replace("[", "&#91;");
    return schema.items ? `list of: ${typeOf(schema.items)}` : "list";
  }
  if (schema.type === "object") {
    const keys = Object.keys(schema.properties ?? {});
    if (keys.length > 0) return `object of ${keys.map(code).join(", ")}`;
    return typeof schema.additionalProperties === "object" ? `object of: ${typeOf(schema.additionalProperties)}` : "object";
  }
  return [schema.type ?? "any value"].flat().join(" or ");
}
function referenceOf(reference) {
  const [, file = "", key = ""] = /^(?:([\w-]+)\.schema\.json)?(?:#\/definitions\/([\w-]+))?/.exec(reference) ?? [];
  const anchor = key === "" ? "" : `#${key.toLowerCase()}`;
  return `[${key || file}](${file === "" ? anchor : `./${file}.md${anchor}`})`;
}

// test/docs/lists.ts
import { builtIns } from "../../dist/adapters/registry.js";
import { kinds } from "../../dist/adapters/sources.js";
import { reporters } from "../../dist/reports/index.js";
import { devicesOf } from "../../dist/spec/cluster/devices.js";
import { dialectAxes } from "../../dist/spec/dialect.js";
import { createLibrary } from "../../dist/spec/library.js";
import { operatorsOfProfile } from "../../dist/spec/profile.js";
import { properties } from "../../dist/suites/properties/index.js";
function listSections() {
  return [{ title: "Checks and adapters", pages: [propertyPage(), profilePage(), dialectPage(), adapterPage(), clusterPage()] }];
}
function propertyPage() {
  const rows = properties.map(({ name, title, perMask, perFeature, perScheme, law }) => [
    code(name),
    prose(title),
    law ? "an operator with this law" : perScheme ? "scheme" : [...perMask ? ["mask"] : [], ...perFeature ? ["feature"] : []].join(", ")
  ]);
  const text = paragraphs(
    "# Properties",
    "A property says what must hold. A check is one property of one operator, mask and type: `softmax/causal/oracle/f32`. Where the last column is empty, one check draws its masks.",
    table(["property", "what it says", "one check for each"], rows)
  );
  return { path: "properties.md", name: "Properties", text };
}
function profilePage() {
  const library = createLibrary();
  const sections2 = [...library.profiles.values()].map((profile) => {
    const operators2 = operatorsOfProfile(profile, library.operators.values());
    return paragraphs(
      `## ${profile.name}@${profile.version} {#${profile.name}}`,
      `${prose(profile.title)}.`,
      profile.includes?.length ? `Includes ${profile.includes.map(code).join(", ")}.` : "",
      operators2.length > 0 ? `Operators: ${operators2.map((name) => `[${name}](./operators/${name}.md)`).join(", ")}.` : "",
      profile.properties.length > 0 ? `Properties: ${profile.properties.map(code).join(", ")}.` : ""
    );
  });
  const text = paragraphs(
    "# Profiles",
    "A profile is a versioned list of checks that an implementation can claim: `--profile core`.",
    ...sections2
  );
  return { path: "profiles.md", name: "Profiles", text };
}
function dialectPage() {
  const text = paragraphs(
    "# Dialects",
    "Conventions in which right implementations differ. A kernel is judged by what it declares, and by the default where it declares nothing. `npx attn-cts probe --adapter ./kernel.ts` reads them from a few calls; `--dialect causal=top-left` declares one. Which backend follows which is in [how strong it is](../guide/strength.md#dialects).",
    table(
      ["axis", "values, the default first"],
      Object.entries(dialectAxes).map(([axis, values]) => [code(axis), values.map(code).join(", ")])
    ),
    "What each of them means is in [the contracts](../contracts/claims.md#dialect)."
  );
  return { path: "dialects.md", name: "Dialects", text };
}
function adapterPage() {
  const text = paragraphs(
    "# Adapters and reporters",
    "`npx attn-cts list adapters` says which of these are available on a machine, and what the others need.",
    "## Built in",
    table(
      ["adapter", "what it is", "judged"],
      Object.entries(builtIns).map(([id, { title, slow }]) => [
        code(id),
        prose(title),
        slow === void 0 ? "by a plain run" : "by name, or with `--slow`"
      ])
    ),
    "## Ways to bring a kernel",
    table(
      ["`--adapter`", "what it is"],
      [
        ["`./kernel.ts`, `./kernel.js`", "a module that exports an adapter"],
        ...Object.entries(kinds).map(([kind, { argument, what }]) => [code(`${kind}:${argument}`), prose(what)])
      ]
    ),
    "## Reporters",
    table(
      ["`--reporter`", "what it writes"],
      Object.entries(reporters).map(([name, { title }]) => [code(name), prose(title)])
    )
  );
  return { path: "adapters.md", name: "Adapters and reporters", text };
}
function clusterPage() {
  const rows = [...createLibrary().clusters.values()].map((cluster) => [
    code(cluster.name),
    prose(cluster.title),
    String(devicesOf(cluster)),
    prose(cluster.device.name)
  ]);
  const text = paragraphs(
    "# Clusters",
    "`npx attn-cts simulate --cluster NAME` says what a scheme would do on one of these; a file describes one of your own, [a cluster document](./documents/cluster.md).",
    table(["cluster", "what it is", "devices", "device"], rows)
  );
  return { path: "clusters.md", name: "Clusters", text };
}

// test/docs/masks.ts
import { mkdirSync as mkdirSync2 } from "node:fs";
import { join as join3 } from "node:path";
import { printExpression } from "../../dist/spec/expression/print.js";
import { createLibrary as createLibrary2 } from "../../dist/spec/library.js";

// test/docs/command-line.ts
import { runProgram } from "../../dist/suites/cli/program.js";
async function printed(...args) {
  const said = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"];
  const originals = streams.map((name) => process[name].write);
  for (const name of streams) {
    process[name].write = ((chunk) => {
      said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      return true;
    });
  }
  try {
    const exit = await runProgram(args);
    if (exit !== 0) throw new Error(`attn-cts ${args.join(" ")}: ${said.stderr.trim()}`);
    return said.stdout;
  } finally {
    for (const [at, name] of streams.entries()) process[name].write = originals[at];
  }
}

// test/docs/masks.ts
async function maskSections(folder3) {
  const masks2 = [...createLibrary2().masks.values()];
  const pages2 = [];
  mkdirSync2(join3(folder3, "masks"), { recursive: true });
  for (const mask of masks2) {
    const svg = join3(folder3, "masks", `${mask.name}.svg`);
    const shown = await printed("mask", mask.name, "--svg", svg);
    pages2.push({ path: `masks/${mask.name}.md`, name: mask.name, text: pageOf2(mask, shown) });
  }
  const text = paragraphs(
    "# Masks",
    `A mask is a predicate over the indices: ${code("i")} a query, ${code("j")} a key, ${code("b")} a batch entry, ${code("h")} a head. Masks are composed with ${code("and")}, ${code("or")}, ${code("not")} and, for one mask a head, ${code("heads")}: ${code(`npx attn-cts mask '{"and": [{"name": "causal"}, {"name": "document", "parameters": {"lengths": [8, 8]}}]}'`)}. One of your own is a JSON file: see [operators and masks of your own](../../guide/own-documents.md).`,
    '<div class="gallery">',
    ...masks2.map(({ name }) => `[![${name}](./${name}.svg) ${name}](./${name}.md)`),
    "</div>",
    table(
      ["mask", "what it is", "parameters"],
      masks2.map(({ name, title, parameters = {} }) => [
        `[${name}](./${name}.md)`,
        prose(title),
        Object.keys(parameters).map(code).join(", ")
      ])
    )
  );
  return [{ title: "Masks", pages: [{ path: "masks/index.md", name: "All masks", text }, ...pages2] }];
}
function pageOf2({ name, version, title, parameters = {}, square, optIn, rare, visible, source = [] }, shown) {
  return paragraphs(
    `# ${name}`,
    `${prose(title)}. Query ${code("i")} sees key ${code("j")} where`,
    block("text", [printExpression(visible)]),
    `![The mask ${name}: queries downwards, keys to the right, visible cells filled](./${name}.svg)`,
    `Version ${version}. ${areaOf(shown)} In a terminal: ${code(`npx attn-cts mask ${name}`)}; ${code("--param")} gives a parameter another value.`,
    [
      ...square ? ["It needs as many queries as keys."] : [],
      ...optIn ? ["It is drawn only where a scheme, an operator or an implementation names it."] : [],
      ...rare ? ["It is drawn a ninth as often as the others where any mask may be drawn."] : []
    ].join(" "),
    Object.keys(parameters).length > 0 ? "## Parameters" : "",
    table(
      ["parameter", "values", "meaning"],
      Object.entries(parameters).map(([parameter, { type, choices, minimum, maximum, description = "" }]) => {
        const bound = (limit) => limit === void 0 ? "" : printExpression(limit);
        const range = minimum === void 0 && maximum === void 0 ? "" : `, ${bound(minimum)} \u2026 ${bound(maximum)}`;
        return [code(parameter), prose(`${choices ? choices.join(" or ") : type}${range}`), prose(description)];
      })
    ),
    source.length > 0 ? "## Sources" : "",
    sourcesOf(source)
  );
}
function areaOf(shown) {
  const line = /^area: (.+)$/m.exec(shown);
  return line ? `Visible in the picture: ${line[1]}.` : "";
}

// test/docs/operators.ts
import { mkdirSync as mkdirSync3 } from "node:fs";
import { join as join4 } from "node:path";
import { createLibrary as createLibrary3 } from "../../dist/spec/library.js";
async function operatorSections(folder3) {
  const families = /* @__PURE__ */ new Map([["softmax", []]]);
  const index = [];
  const drawn = /* @__PURE__ */ new Set();
  mkdirSync3(join4(folder3, "operators"), { recursive: true });
  for (const { name } of createLibrary3().operators.values()) {
    const { record, isDrawn } = await recordOf(name, folder3);
    if (isDrawn) drawn.add(name);
    const pages2 = families.get(record.family) ?? [];
    families.set(record.family, [...pages2, { path: `operators/${name}.md`, name, text: pageOf3(record, isDrawn) }]);
    index.push(`| [${name}](./${name}.md) | [${record.family}](#${record.family}) | ${prose(record.title)} |`);
  }
  const gallery = [...families].map(
    ([family, pages2]) => [
      `## ${family}`,
      '<div class="gallery">',
      ...pages2.filter(({ name }) => drawn.has(name)).map(({ name }) => figure(name)),
      "</div>"
    ].join("\n\n")
  );
  const text = paragraphs(
    "# Operators",
    "Each operator is a document: a formula, inputs, a tensor program, laws that every implementation keeps, and a second form that tests the first. A picture shows the weights of the values in a small case of one head or, where the program has none, how much each value moves each output.",
    "An operator of your own is a document of the same form: see [operators and masks of your own](../../guide/own-documents.md).",
    ...gallery,
    "## All by name",
    ["| operator | family | what it is |", "|---|---|---|", ...index.sort()].join("\n")
  );
  const first = { title: "Operators", pages: [{ path: "operators/index.md", name: "All operators", text }] };
  return [first, ...[...families].map(([family, pages2]) => ({ title: `Operators: ${family}`, pages: pages2 }))];
}
function figure(name) {
  return `[![${name}](./${name}.svg) ${name}](./${name}.md)`;
}
async function recordOf(name, folder3) {
  const parsed = (text) => JSON.parse(text);
  try {
    return { record: parsed(await printed("operator", name, "--json", "--svg", join4(folder3, "operators", `${name}.svg`))), isDrawn: true };
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("there is nothing to draw"))) throw error;
    return { record: parsed(await printed("operator", name, "--json")), isDrawn: false };
  }
}
function pageOf3(record, hasPicture) {
  const { name, family, version, title, formula, inputs, options, axes, tied, outputs, masks: masks2, emptyRow, program, laws, second, source } = record;
  const axesOf = (names) => code(`[${names.join(", ")}]`);
  return paragraphs(
    `# ${name}`,
    `${prose(title)}.`,
    block("text", formula.split(",  ")),
    hasPicture ? `![A small case of ${name}](./${name}.svg)` : "",
    `Version ${version}, of the family [${family}](./index.md#${family}). In a terminal: ${code(`npx attn-cts operator ${name}`)}. What holds for a kernel of it: ${code(`npx attn-cts run ./kernel.ts --filter '${name}*/**'`)}.`,
    "## Inputs",
    table(
      ["input", "axes", "elements", "gradient", "meaning"],
      inputs.map((input) => [
        code(input.name),
        axesOf(input.axes),
        elementsOf(input) + (input.optional ? ", optional" : ""),
        input.gradient ? "yes" : "no",
        prose(input.title ?? "")
      ])
    ),
    options.length > 0 ? "## Options" : "",
    table(
      ["option", "default", "tests draw"],
      options.map((option) => [
        code(option.name),
        option.default === null ? "none" : code(option.default),
        option.values ? option.values.join(", ") : option.range ? option.range.join(" to ") : ""
      ])
    ),
    "## Outputs, masks, rows without keys",
    table(
      ["output", "axes"],
      outputs.map((output) => [code(output.name), axesOf(output.axes)])
    ),
    `Masks: ${masks2 === "any" ? "any" : masks2.map((mask) => `[${mask}](../masks/${mask}.md)`).join(", ")}. A row without keys gives ${prose(emptyRow)}.`,
    table(
      ["axis", "length"],
      [...axes.map((axis) => [code(axis.name), prose(axis.rule)]), ...tied.map(([x, y]) => [code(x), `as long as ${code(y)}`])]
    ),
    "## Program",
    `${code("$x")} is an option and ${code("#x")} the length of an axis.`,
    block("text", program),
    laws.length > 0 ? "## Laws" : "",
    laws.map((law) => `- ${prose(law)}`).join("\n"),
    second ? `## Second form: ${prose(second.title)}` : "",
    second && block("text", second.program),
    source.length > 0 ? "## Sources" : "",
    sourcesOf(source)
  );
}
function elementsOf({ kind, of, format, draw, stored }) {
  const words = { number: `numbers, drawn ${draw}`, boolean: "booleans", index: `indices of ${of}`, code: `codes of ${format}` };
  return `${words[kind]}${stored === void 0 ? "" : `, stored as ${stored}`}`;
}

// test/docs/python.ts
import { readFileSync as readFileSync3 } from "node:fs";
import { fileURLToPath as fileURLToPath3 } from "node:url";
var HARNESS = fileURLToPath3(new URL("../../adapters/backends/python/attn_cts.py", import.meta.url));
function publicNames(source) {
  const list = /^__all__ = \[([^\]]*)\]/m.exec(source)?.[1] ?? "";
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => nameOf(source, name));
}
function fileText(source) {
  return /^"""([\s\S]*?)"""/.exec(source)?.[1].trim() ?? "";
}
function nameOf(source, name) {
  const definition = new RegExp(`^(?:def ${name}\\(([\\s\\S]*?)\\)( -> [^\\n]*)?|class ${name}(\\([^)]*\\))?):\\n`, "m").exec(source);
  if (!definition) throw new Error(`no definition of ${name} was found`);
  const [whole, parameters, result = ""] = definition;
  const after = source.slice(definition.index + whole.length);
  const docstring = /^ {4}"""([\s\S]*?)"""/.exec(after)?.[1] ?? "";
  const { text, described } = partsOf(docstring);
  const own = parameters === void 0 ? [] : parametersOf(parameters);
  return {
    name,
    head: parameters === void 0 ? `class ${name}` : `${name}(${parameters.replaceAll(/\s+/g, " ").replace(/,\s*$/, "").trim()})${result}`,
    arguments: own.map((argument) => ({ ...argument, ...described.has(argument.name) && { description: described.get(argument.name) } })),
    text
  };
}
function partsBetweenCommas(text) {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if ("[({".includes(character)) depth += 1;
    if ("])}".includes(character)) depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.replaceAll(/\s+/g, " ").trim());
}
function parametersOf(text) {
  return partsBetweenCommas(text).filter((part) => part !== "" && part !== "*").map((part) => {
    const [, name, type = "", value] = /^([*\w]+)(?:: (.*?))?(?: = (.*))?$/.exec(part);
    return { name: name.replaceAll("*", ""), type, ...value !== void 0 && { default: value } };
  });
}
function partsOf(docstring) {
  const described = /* @__PURE__ */ new Map();
  const rest = [];
  let names = [];
  for (const [at, line] of docstring.split("\n").entries()) {
    const [, list, what] = at > 0 && /^ {4}(\w+(?:, \w+)*): (.+)$/.exec(line) || [];
    if (list !== void 0) {
      names = list.split(", ");
      for (const name of names) described.set(name, what);
    } else if (names.length > 0 && /^ {6}\S/.test(line)) {
      for (const name of names) described.set(name, `${described.get(name)} ${line.trim()}`);
    } else {
      names = [];
      rest.push(line.trim());
    }
  }
  return { text: rest.join("\n").trim(), described };
}
function pythonSection(source = readFileSync3(HARNESS, "utf8")) {
  const names = publicNames(source);
  const sections2 = names.map(
    ({ name, head, arguments: own, text: text2 }) => paragraphs(
      `## ${own.length > 3 ? `@${name}` : name} {#${name.toLowerCase()}}`,
      own.length > 3 ? "" : block("python", [head]),
      ...text2.split("\n\n").map(prose),
      own.some(({ description }) => description !== void 0) ? table(
        ["argument", "type", "default", "meaning"],
        own.filter((argument) => argument.name !== "function").map((argument) => [
          code(argument.name),
          code(argument.type),
          code(argument.default ?? "\u2013"),
          prose(argument.description ?? "")
        ])
      ) : ""
    )
  );
  const text = paragraphs("# The Python harness", ...fileText(source).split("\n\n").map(paragraphOf), ...sections2);
  return { title: "Python", pages: [{ path: "python.md", name: "@kernel and @scheme", text }] };
}
function paragraphOf(text) {
  if (!text.startsWith("    ")) return prose(text);
  return block(
    /^ {4}(from|import|@|def) /.test(text) ? "python" : "text",
    text.split("\n").map((line) => line.slice(4))
  );
}

// test/docs/repository.ts
import { existsSync, readFileSync as readFileSync4 } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath as fileURLToPath4 } from "node:url";

// package.json
var package_default = {
  name: "attention-cts",
  version: "0.1.0",
  description: "Property-based conformance suite for attention kernels: what a kernel computes, where it departs from the specification, and the smallest input that shows it.",
  license: "Apache-2.0",
  type: "module",
  engines: {
    node: ">=20.19"
  },
  bin: {
    "attn-cts": "dist/suites/cli/main.js"
  },
  scripts: {
    prepare: "npm run build",
    build: "tsc -p tsconfig.build.json && node suites/build.mjs",
    generate: "node spec/generate/main.mjs",
    start: "node dist/suites/cli/main.js run --runs 10 --slow 1 --expectations adapters/expectations.json",
    test: "vitest run --project shared --project alone",
    "test:every": "vitest run --project every",
    lint: "biome check --error-on-warnings . && node spec/generate/operator-names.mjs && depcruise spec generators adapters suites reports && knip --no-progress",
    "lint:package": "publint --strict && attw --pack . --profile esm-only",
    typecheck: "tsc --noEmit -p tsconfig.json --incremental --tsBuildInfoFile node_modules/.cache/types.tsbuildinfo",
    accept: "npm run --silent build && node --import jiti/register test/accept/main.ts",
    readme: "npm run --silent build && node --import jiti/register test/accept/readme-main.ts",
    docs: "npm run --silent docs:generate && vitepress dev test/docs",
    "docs:generate": "npm run --silent build && node test/docs/run.mjs main",
    "docs:build": "npm run --silent docs:generate && vitepress build test/docs && node test/docs/run.mjs check-links",
    published: "npm run --silent build && node --import jiti/register test/accept/published-main.ts",
    bench: "npm run --silent build && node --import jiti/register test/bench/main.ts"
  },
  dependencies: {
    "@observablehq/plot": "^0.6.17",
    ajv: "8.20",
    "badge-maker": "^5.0.2",
    "cli-table3": "^0.6.5",
    commander: "^14.0.3",
    "csv-stringify": "^6.9.0",
    "fast-check": "4.10",
    "fastest-levenshtein": "^1.0.16",
    jiti: "2.7",
    "junit-report-builder": "5.1",
    linkedom: "^0.18.15",
    "markdown-table": "^3.1.0",
    ndarray: "1.1",
    "node-sarif-builder": "^4.1.0",
    picocolors: "1.1",
    "pure-rand": "8.4",
    "string-argv": "0.3",
    supertap: "^3.0.1",
    tinybench: "6.2",
    tinyqueue: "^3.0.0"
  },
  devDependencies: {
    "@arethetypeswrong/cli": "^0.18.5",
    "@biomejs/biome": "2.6",
    "@fast-check/vitest": "^0.5.0",
    "@jax-js/jax": "0.1",
    "@tensorflow/tfjs": "4.22",
    "@tensorflow/tfjs-backend-wasm": "4.22",
    "@tensorflow/tfjs-backend-webgpu": "4.22",
    "@types/d3": "^7.4.3",
    "@types/ndarray": "^1.1.0",
    "@types/node": "^20.19.43",
    "@types/picomatch": "^4.0.3",
    "@types/sarif": "^2.1.7",
    "@webgpu/types": "0.1",
    assemblyscript: "^0.28.20",
    "axe-core": "^4.14.1",
    "dependency-cruiser": "^17.4.3",
    esbuild: "0.28",
    "js-yaml": "^4.3.2",
    "json-schema-to-typescript": "^16.0.0",
    knip: "^6.44.2",
    koffi: "3.3",
    "onnx-proto": "^8.0.1",
    "onnxruntime-node": "1.30",
    "onnxruntime-web": "1.30",
    picomatch: "^4.0.7",
    "playwright-core": "1.65",
    publint: "^0.3.25",
    typedoc: "^0.28.20",
    "typedoc-plugin-markdown": "^4.14.1",
    typescript: "5.9",
    vitepress: "^1.6.4",
    vitest: "4.1",
    webgpu: "0.6"
  },
  files: [
    "dist",
    "!dist/.tsbuildinfo",
    "!dist/**/*.map",
    "adapters/**/*.py",
    "adapters/backends/python/kernels/*.json",
    "adapters/backends/python/examples/*.json",
    "adapters/backends/native/include",
    "adapters/backends/native/kernel",
    "suites/init/templates",
    "suites/vectors/examples",
    "spec/schema/*.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md"
  ],
  exports: {
    ".": {
      types: "./dist/suites/index.d.ts",
      default: "./dist/suites/index.js"
    },
    "./vitest": {
      types: "./dist/suites/vitest/index.d.ts",
      default: "./dist/suites/vitest/index.js"
    },
    "./package.json": "./package.json"
  },
  peerDependencies: {
    "@jax-js/jax": "^0.1",
    "@tensorflow/tfjs": "^4.22",
    "@tensorflow/tfjs-backend-wasm": "^4.22",
    "@tensorflow/tfjs-backend-webgpu": "^4.22",
    "@tensorflow/tfjs-node": "^4.22",
    "@tensorflow/tfjs-node-gpu": "^4.22",
    koffi: "^3.3",
    "onnx-proto": "^8",
    "onnxruntime-node": "^1.22",
    "onnxruntime-web": "^1.22",
    "playwright-core": "^1.60",
    vitest: ">=3",
    webgpu: "^0.6"
  },
  peerDependenciesMeta: {
    "@jax-js/jax": {
      optional: true
    },
    "@tensorflow/tfjs": {
      optional: true
    },
    "@tensorflow/tfjs-backend-wasm": {
      optional: true
    },
    "@tensorflow/tfjs-backend-webgpu": {
      optional: true
    },
    "@tensorflow/tfjs-node": {
      optional: true
    },
    "@tensorflow/tfjs-node-gpu": {
      optional: true
    },
    koffi: {
      optional: true
    },
    "onnx-proto": {
      optional: true
    },
    "onnxruntime-node": {
      optional: true
    },
    "onnxruntime-web": {
      optional: true
    },
    "playwright-core": {
      optional: true
    },
    vitest: {
      optional: true
    },
    webgpu: {
      optional: true
    }
  },
  keywords: [
    "attention",
    "conformance",
    "property-based testing",
    "numerics",
    "kernels",
    "webgpu",
    "onnx",
    "tensorflow.js"
  ]
};

// test/docs/repository.ts
var root = fileURLToPath4(new URL("../../", import.meta.url));
var pages = {
  "findings.md": { file: "adapters/FINDINGS.md", name: "Findings" },
  "process-protocol.md": { file: "adapters/backends/process/README.md", name: "Process protocol" },
  "native-manifest.md": { file: "adapters/backends/native/README.md", name: "Native manifests" },
  "wgsl-manifest.md": { file: "adapters/backends/wgsl/README.md", name: "WGSL manifests" },
  "wgsl-bindings.md": { file: "suites/init/templates/wgsl/README.md", name: "WGSL bindings and expressions" },
  "python-schemes.md": { file: "adapters/backends/python/README.md", name: "Python: a scheme with a state" },
  "adapters-folder.md": { file: "adapters/README.md", name: "adapters/" },
  "spec-folder.md": { file: "spec/README.md", name: "spec/" },
  "generators-folder.md": { file: "generators/README.md", name: "generators/" },
  "suites-folder.md": { file: "suites/README.md", name: "suites/" },
  "reports-folder.md": { file: "reports/README.md", name: "reports/" },
  "contributing.md": { file: "CONTRIBUTING.md", name: "Contributing" },
  "changelog.md": { file: "CHANGELOG.md", name: "Changelog" }
};
var address = package_default.repository?.url?.replace(/^git\+/, "").replace(/\.git$/, "");
function repositorySections() {
  const copies = Object.entries(pages).map(([path, { file, name }]) => ({
    path,
    name,
    text: withLinks(readFileSync4(`${root}${file}`, "utf8"), file)
  }));
  const named2 = (...paths) => copies.filter(({ path }) => paths.includes(path));
  return [
    { title: "Findings", pages: named2("findings.md") },
    {
      title: "Protocol and manifests",
      pages: named2("process-protocol.md", "native-manifest.md", "wgsl-manifest.md", "wgsl-bindings.md", "python-schemes.md")
    },
    {
      title: "The repository",
      pages: copies.filter(({ path }) => path.endsWith("-folder.md") || path === "contributing.md" || path === "changelog.md")
    }
  ];
}
function withLinks(text, file) {
  return text.split(/(^```[\s\S]*?^```|`[^`\n]+`)/m).map(
    (part, at) => at % 2 === 1 ? part : part.replaceAll(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (_, image, words, to) => linkTo(image, words, to, file))
  ).join("");
}
function linkTo(image, words, to, file) {
  if (/^(https?:|mailto:|#)/.test(to)) return `${image}[${words}](${to})`;
  const [path, anchor] = to.split("#");
  const target = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, "");
  if (!existsSync(`${root}${target}`)) throw new Error(`${file}: no such file: ${to}`);
  const own = Object.entries(pages).find(([, page]) => page.file === target || page.file === `${target}/README.md`);
  if (own) return `${image}[${words}](./${own[0]}${anchor === void 0 ? "" : `#${anchor}`})`;
  return address === void 0 ? `${words} (\`${target}\`)` : `${image}[${words}](${address}/blob/HEAD/${target})`;
}

// test/docs/schemes.ts
import { printExpression as printExpression2 } from "../../dist/spec/expression/print.js";
import { createLibrary as createLibrary4 } from "../../dist/spec/library.js";
import { placesOf } from "../../dist/spec/scheme/positions.js";
import { layoutOf, worldOf } from "../../dist/spec/scheme/world.js";

// test/docs/tokens-svg.ts
var cell = 16;
var margin = { left: 64, top: 56, right: 16, bottom: 16 };
var font = 'font-family="system-ui, sans-serif" fill="#222"';
function tokensSvg(ranks, tokens, title) {
  const [width, height] = [tokens * cell, ranks.length * cell];
  const full = { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom };
  const cells = ranks.flatMap(
    (own, rank) => own.map((token) => `<rect x="${token * cell}" y="${rank * cell}" width="${cell}" height="${cell}" shape-rendering="crispEdges"/>`)
  );
  const labels = ranks.map(
    (_, rank) => `<text x="-8" y="${rank * cell + 12}" text-anchor="end" font-size="12" ${font}>rank ${rank}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin.left}" y="22" font-size="15" ${font}>${title}</text>
<text x="${margin.left}" y="${margin.top - 10}" font-size="12" ${font}>tokens 0 \u2026 ${tokens - 1}</text>
<g transform="translate(${margin.left} ${margin.top})">
${labels.join("\n")}
<rect width="${width}" height="${height}" fill="#eee"/>
<g fill="#2563eb">
${cells.join("\n")}
</g>
<rect width="${width}" height="${height}" fill="none" stroke="#222"/>
</g>
</svg>
`;
}

// test/docs/schemes.ts
var RANKS = 4;
var TOKENS = 32;
function schemeSections(folder3) {
  const schemes2 = [...createLibrary4().schemes.values()];
  const pages2 = schemes2.map((scheme) => {
    const picture = pictureOf(scheme);
    if (picture !== void 0) write(folder3, `schemes/${scheme.name}.svg`, picture);
    return { path: `schemes/${scheme.name}.md`, name: scheme.name, text: pageOf4(scheme, picture !== void 0) };
  });
  const text = paragraphs(
    "# Schemes",
    "A context-parallel scheme computes attention on several ranks. Its document says where tokens lie, what it needs and what it sends; its program is judged against that, and against a single device. See [schemes](../../guide/schemes.md) for how to judge one of these or one of your own.",
    table(
      ["scheme", "what it is", "masks", "passes"],
      schemes2.map(({ name, title, masks: masks2, directions }) => [
        `[${name}](./${name}.md)`,
        prose(title),
        masks2 === "any" ? "any" : masks2.join(", "),
        directions.join(", ")
      ])
    )
  );
  return [{ title: "Schemes", pages: [{ path: "schemes/index.md", name: "All schemes", text }, ...pages2] }];
}
function pageOf4(scheme, hasPicture) {
  const { name, version, title, masks: masks2, directions, operators: operators2 = ["softmax"], needs, layout, volume, unit, uneven, balance } = scheme;
  const maskLinks = masks2 === "any" ? "any" : masks2.map((mask) => `[${mask}](../masks/${mask}.md)`).join(", ");
  const volumes = Object.entries(volume).flatMap(([pass, items]) => items.map((item) => [pass, prose(item.what), amountOf(item), item.as]));
  return paragraphs(
    `# ${name}`,
    `${prose(title)}.`,
    hasPicture ? `![Which rank has which of ${TOKENS} tokens, of ${RANKS} ranks](./${name}.svg)` : "",
    `Version ${version}. Passes: ${directions.join(", ")}. Masks: ${maskLinks}. Operators: ${operators2.map((operator) => `[${operator}](../operators/${operator}.md)`).join(", ")}.`,
    block("sh", [
      `npx attn-cts run --profile parallel --scheme ${name}`,
      `npx attn-cts simulate --scheme ${name} --ranks 8 --tokens 64K --cluster h100-96`
    ]),
    "## Where tokens lie",
    layout === "solved" ? "The program places tokens by the mask." : `Token ${code("t")} lies on rank ${code(printExpression2(layout))}. Tokens come in a multiple of ${code(unit === void 0 ? "P" : printExpression2(unit))}; a number that is none is ${unevenOf(uneven)}.`,
    needs.length > 0 ? "## What it needs" : "",
    needs.map(({ text }) => `- ${prose(text)}`).join("\n"),
    volumes.length > 0 ? "## What a rank sends" : "",
    table(["pass", "what", "elements", "stored as"], volumes),
    volumes.length > 0 ? `${code("P")} ranks, ${code("Q")} ${code("K")} ${code("V")} ${code("O")} ${code("L")}: elements of a rank's own queries, keys, values, outputs and LSEs.` : "",
    Object.keys(balance).length > 0 ? "## Balance" : "",
    table(
      ["mask", "the largest area of a rank \xF7 the mean"],
      Object.entries(balance).map(([mask, share]) => [code(mask), balanceOf(share)])
    ),
    "## Sources",
    sourcesOf(scheme.source)
  );
}
function amountOf({ elements, each, width }) {
  if (elements !== void 0) return code(printExpression2(elements));
  return width === void 0 ? "" : `each ${each}: ${code(printExpression2(width))}`;
}
function balanceOf(share) {
  const isMost = typeof share === "object" && !Array.isArray(share) && "most" in share;
  return isMost ? `at most ${code(printExpression2(share.most))}` : code(printExpression2(share));
}
function unevenOf(uneven) {
  const words = { pad: "padded", "pad-documents": "padded, each document by itself", refuse: "refused", any: "taken as it is" };
  return words[uneven ?? "pad"];
}
function pictureOf(scheme) {
  if (scheme.layout === "solved" || scheme.given !== void 0 || scheme.queries === "root") return void 0;
  const world = worldOf(scheme, { b: 1, hk: RANKS, g: 1, m: TOKENS, n: TOKENS, d: 8, e: 8 }, RANKS);
  const ranks = layoutOf(world).map((segments) => [...placesOf(segments)]);
  return tokensSvg(ranks, world.padded, `${scheme.name}: tokens of ${RANKS} ranks`);
}

// test/docs/main.ts
var folder2 = fileURLToPath5(new URL("../../docs/reference", import.meta.url));
rmSync2(folder2, { recursive: true, force: true });
var [findings, protocol, repository] = repositorySections();
var commands = commandSections();
var python = pythonSection();
var lists = listSections();
var documents = documentSections();
var schemes = schemeSections(folder2);
var api = await apiSections(folder2);
var masks = await maskSections(folder2);
var operators = await operatorSections(folder2);
var sections = [...commands, ...operators, ...masks, ...schemes, ...lists, python, ...api, protocol, ...documents, findings, repository];
for (const { path, text } of sections.flatMap(({ pages: pages2 }) => pages2)) write(folder2, path, text);
var sidebar = sections.map(({ title, pages: pages2 }) => ({
  text: title,
  collapsed: true,
  items: pages2.map(({ path, name }) => ({ text: name, link: `/reference/${path.replace(/(index)?\.md$/, "")}` }))
}));
write(folder2, "sidebar.json", JSON.stringify(sidebar));
console.log(`${sections.flatMap(({ pages: pages2 }) => pages2).length} pages in ${join5("docs", "reference")}`);
