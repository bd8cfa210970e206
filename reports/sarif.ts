import { createHash } from 'node:crypto';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';
import type { Invocation, Location, Notification } from 'sarif';
import type { CheckResult, Result } from '../spec/types/documents.js';
import type { ReportContext, Reporter } from './reporter.js';
import { describeFailure } from './result/describe-failure.js';
import { withSharedHints } from './result/explanations.js';
import { outcomeOf, propertiesOf, reasonOf, segmentsOf } from './result/result.js';
import { groupUnjudged } from './result/unjudged.js';
import { clip, jsonText, plainText } from './text/plain-text.js';
import { everyLocation, type SourceLocation } from './text/source-location.js';

const longest = 8000;

/** Writes failed checks and unexpected passes as results; expected failures are suppressed. */
export const sarif: Reporter = {
  name: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  report(result, context) {
    const log = new SarifBuilder({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
    log.addRun(runOf(result, context));
    // the builder's stringify would interpret texts of the kernel
    return jsonText(log.buildSarifOutput());
  },
};

function runOf(result: Result, context: ReportContext): SarifRunBuilder {
  const run = new SarifRunBuilder({
    columnKind: 'utf16CodeUnits',
    invocations: [invocationOf(result)],
    properties: { seed: result.seed, plan: result.plan.hash },
  }).initSimple({ toolDriverName: 'attention-cts', toolDriverVersion: result.suite });
  const locationOfAdapter = everyLocation(result.adapters, context);
  for (const property of propertiesOf(result)) run.addRule(ruleOf(property, context));
  for (const check of withSharedHints(result.checks)) {
    if (['failure', 'expected-failure', 'unexpected-pass'].includes(outcomeOf(check))) {
      run.addResult(resultOf(check, context, locationOfAdapter(check.adapter)));
    }
  }
  return run;
}

function ruleOf(property: string, { properties = {} }: ReportContext): SarifRuleBuilder {
  const title = Object.hasOwn(properties, property) ? properties[property] : property;
  return new SarifRuleBuilder({
    name: property,
    help: { text: `${property}: ${title}. The replay line of a result runs its minimal case again.` },
    defaultConfiguration: { level: 'error' },
  }).initSimple({ ruleId: property, shortDescriptionText: title });
}

function resultOf(check: CheckResult, context: ReportContext, source: SourceLocation): SarifResultBuilder {
  return new SarifResultBuilder({
    locations: [locationOf(check, source)],
    partialFingerprints: { 'attentionCtsCheck/v1': fingerprint(check) },
    ...(outcomeOf(check) === 'expected-failure' && {
      suppressions: [{ kind: 'external' as const, justification: 'the expectations file names this failure' }],
    }),
  }).initSimple({
    level: 'error',
    ruleId: segmentsOf(check.id).property,
    messageText: messageOf(check, context),
  });
}

/** Returns a hash that is stable across minimal cases, values and the order of checks. */
function fingerprint({ adapter, id, class: failureClass = '' }: CheckResult): string {
  return createHash('sha256')
    .update(JSON.stringify([adapter, id, failureClass]))
    .digest('hex');
}

function locationOf({ adapter, id }: CheckResult, source: SourceLocation): Location {
  const logicalLocations = [{ name: plainText(id), fullyQualifiedName: plainText(`${adapter}::${id}`), kind: 'function' }];
  const uri = plainText(source.file).split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: source.line } },
    logicalLocations,
  };
}

function messageOf(check: CheckResult, context: ReportContext): string {
  const failed = outcomeOf(check) !== 'unexpected-pass';
  const lines = [`${check.adapter}::${check.id}`, ...(failed ? describeFailure(check, context) : [reasonOf(check)])];
  const text = clip(plainText(lines.join('\n')), longest);
  // escape texts that SARIF reads as links
  return text.replaceAll('](', '\\](');
}

function invocationOf(result: Result): Invocation {
  const started = new Date(result.started);
  return {
    executionSuccessful: result.complete,
    ...(!Number.isNaN(started.getTime()) && { startTimeUtc: started.toISOString() }),
    toolExecutionNotifications: notificationsOf(result),
  };
}

function notificationsOf(result: Result): Notification[] {
  return groupUnjudged(result.checks).map(({ what, where }) => ({
    level: 'error',
    message: { text: clip(plainText(`${what} (${where})`), longest) },
  }));
}
