import { basename } from 'node:path';
import * as v from 'valibot';
import { NamesError, parseNames } from '../../core/data/names';
import type { Check, CodeCheck } from '../../core/protocol/answers';
import { type Evidence, evidenceSchema, evidenceVersion, maximumEvidenceBytes } from '../../core/protocol/evidence';
import { readNamesFile } from '../main/files';
import { readRegularFile, TooLargeError } from '../main/regular-file';
import { builtInNames } from '../worker/built-in-names';
import { digestOfWords, evidenceRow, firstBadNode } from '../worker/evidence';
import { RefusalError } from '../worker/session-client';
import type { Command } from './command';
import { type HeadlessSession, withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import { type Arguments, textOf } from './options';

/** `chainrule verify`: does again what an evidence file claims, and compares. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'does again what an evidence file claims, and says whether it is so',
  options: [
    { name: 'names', value: 'FILE', description: 'the list of names, where the evidence is not of the built-in one' },
    {
      name: 'trust',
      value: null,
      description: 'run the Python code in the file, which somebody else may have written',
    },
  ],
  files: 'FILE',
  details: `FILE is what “Save evidence…” wrote in the window. It is data: the code in it runs only with --trust. Exit codes:
0 confirmed; 1 something is not as it claims; 2 the file cannot be used, or its code could not run.`,
  examples: ['chainrule verify anna.evidence.json', 'chainrule verify anna.evidence.json --trust --names names.txt'],
  execute: verify,
};

async function verify({ options, files }: Arguments, host: Host): Promise<number> {
  const [path, ...others] = files;
  if (path === undefined || others.length > 0) throw new UsageError('Name one evidence file.');
  const evidence = await readEvidence(path);
  const { settings, step, backward } = evidence;
  if (backward.kind === 'code' && !options.has('trust')) {
    throw new UsageError(`${basename(path)} holds Python code. Read it, and give --trust to run it.`);
  }
  const names = await namesOf(evidence, textOf(options, 'names'));
  const result = await withSession(host, { settings, names, steps: step }, async (session) => {
    const loss = await goThere(session, evidence);
    return { loss, check: await check(session, evidence) };
  });
  const differences = compare(evidence, result.loss, result.check);
  const bad =
    evidence.firstBadNode === null ? 'no gradient is wrong' : `the first bad node is ${evidence.firstBadNode}`;
  if (differences.length === 0) {
    host.print(`Confirmed: at step ${step} all ${evidence.verdicts.length} verdicts are as claimed; ${bad}.`);
    const judged = placesOf(result.check);
    if (judged !== null) host.print(judged);
    return exitCodes.done;
  }
  host.print(['Not confirmed:', ...differences.map((difference) => `  ${difference}`)].join('\n'));
  return exitCodes.failed;
}

/** At which other points the formulas of code were judged; null of a built-in backward, or where none were. */
function placesOf(check: Check | CodeCheck): string | null {
  if (!('judgedAt' in check) || check.judgedAt.length === 0) return null;
  const places = check.judgedAt.map(({ seed, batchSize }) => `seed ${seed} with a batch of ${batchSize}`);
  return `Its formulas were judged at ${places.join(', ')}: the seeds follow from the run's and from the code.`;
}

async function readEvidence(path: string): Promise<Evidence> {
  const name = basename(path);
  try {
    return parseEvidence(await readRegularFile(path, maximumEvidenceBytes), name);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof TooLargeError) throw new UsageError(`${name} is too large to be an evidence file.`);
    throw new UsageError(`${name} could not be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** What an evidence file claims. @throws UsageError where it is none, or one of a newer Chainrule. */
export function parseEvidence(bytes: Uint8Array, name: string): Evidence {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UsageError(`${name} could not be read: ${error instanceof Error ? error.message : error}`);
  }
  const result = v.safeParse(evidenceSchema, json, { abortEarly: true });
  if (result.success) return result.output;
  const anyVersion = v.safeParse(v.object({ format: v.literal('chainrule-evidence'), version: v.number() }), json);
  if (anyVersion.success && anyVersion.output.version > evidenceVersion) {
    throw new UsageError(
      `${name} was written by a newer Chainrule (format ${anyVersion.output.version}). Update Chainrule.`,
    );
  }
  const [issue] = result.issues;
  throw new UsageError(`${name} is no evidence file: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

/** The path of the names, null for the built-in ones. @throws UsageError where they are not those of the evidence. */
async function namesOf({ data }: Evidence, path: string | null): Promise<string | null> {
  if (path === null && data.sha256 === digestOfWords(builtInNames())) return null;
  const wanted = `the ${data.words} words of “${data.name}” (SHA-256 ${data.sha256.slice(0, 12)}…)`;
  if (path === null) throw new UsageError(`The evidence is of ${wanted}. Give them by --names FILE.`);
  try {
    const words = parseNames(await readNamesFile(path), basename(path));
    if (digestOfWords(words) === data.sha256) return path;
  } catch (error) {
    if (error instanceof NamesError || error instanceof RefusalError) throw new UsageError(`--names: ${error.message}`);
    throw error;
  }
  throw new UsageError(`--names: ${basename(path)} is another list than ${wanted}.`);
}

/** Makes the run again, changes of the learning rate included. Returns the loss there. */
async function goThere(session: HeadlessSession, { changes, step }: Evidence): Promise<number> {
  for (const change of changes) {
    await session.advance(change.step - session.step);
    await session.request({ type: 'fork', rates: change.rates });
  }
  await session.advance(step - session.step);
  return session.loss;
}

function check(session: HeadlessSession, { backward }: Evidence): Promise<Check | CodeCheck> {
  if (backward.kind === 'builtIn') {
    return session.request({ type: 'chooseBackward', backward: backward.name, mistake: backward.mistake });
  }
  const { code, only } = backward;
  return session.request({ type: 'checkCode', code, trusted: true, ...(only === undefined ? {} : { only }) });
}

/** What is not as claimed, a sentence each. */
function compare(evidence: Evidence, loss: number, { rows, unjudged }: Check): string[] {
  const differences = unjudged === null ? [] : [`nothing can be judged at this step. ${unjudged.reason}`];
  const claim = (what: string, claimed: unknown, found: unknown) => {
    if (!Object.is(claimed, found)) differences.push(`${what}: claimed ${claimed}, found ${found}`);
  };
  claim(`loss at step ${evidence.step}`, evidence.loss, Number.isFinite(loss) ? loss : null);
  claim(
    'nodes that were checked',
    evidence.verdicts.map(({ node }) => node).join(),
    rows.map(({ node }) => node).join(),
  );
  const found = rows.map(evidenceRow).map((row) => inWordsOf(evidence, row));
  for (const row of found) {
    const claimed = claimOf(evidence, row);
    if (claimed === undefined) continue;
    for (const key of ['verdict', 'exact', 'approximate', 'maxdiff'] as const) {
      claim(`d${row.node}, ${key}`, claimed[key], row[key]);
    }
  }
  claim('first bad node', evidence.firstBadNode, firstBadNode(found));
  return differences;
}

type ClaimedRow = Evidence['verdicts'][number];

const claimOf = ({ verdicts }: Evidence, { node }: ClaimedRow) => verdicts.find((claimed) => claimed.node === node);

/** The row as the evidence would say it: `vacuous`, an earlier word, left open whether the formula of a right value is right. */
function inWordsOf(evidence: Evidence, row: ClaimedRow): ClaimedRow {
  const hasRightValue = row.verdict === 'exact' || row.verdict === 'rounding' || row.verdict === 'masked';
  return hasRightValue && claimOf(evidence, row)?.verdict === 'vacuous' ? { ...row, verdict: 'vacuous' } : row;
}
