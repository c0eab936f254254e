import { manualBackwardOf } from '../../core/programs/registry';
import { type BuiltInBackward, builtInBackwards } from '../../core/protocol/commands';
import { type ProgramName, programNames } from '../../core/protocol/settings';
import { RefusalError } from '../worker/session-client';
import { checkJson, checkTable, passes } from './check-table';
import type { Command } from './command';
import { type HeadlessSession, withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import { choiceOf, type GivenOptions, textOf } from './options';
import { readSessionOptions, sessionOptions } from './setting-options';

const defaultSteps = 0;
const defaultBackward: BuiltInBackward = 'nodewise';

/** The programs that have a hand-written backward to check. */
const checkedPrograms = programNames.filter((program) => manualBackwardOf(program) !== null);

/** `chainrule check`: compares a hand-written backward with autograd, node by node. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'compares the hand-written backward with autograd, node by node',
  options: [
    ...sessionOptions(defaultSteps),
    {
      name: 'backward',
      value: 'NAME',
      description: `${builtInBackwards.join(' or ')} (default ${defaultBackward})`,
    },
    { name: 'mistake', value: 'NAME', description: 'plant one of the mistakes below (default: none)' },
    { name: 'json', value: null, description: 'print the rows as JSON and nothing else' },
  ],
  details: [...checkedPrograms.map(listMistakes), 'It ends with exit code 1 where a gradient is not right.'].join(
    '\n\n',
  ),
  examples: [
    'chainrule check --hidden 64 --batch 32 --init ninja',
    'chainrule check --backward fused --steps 100',
    'chainrule check --mistake variance-over-n --json',
  ],
  execute: check,
};

function listMistakes(program: ProgramName): string {
  const mistakes = manualBackwardOf(program)?.mistakes ?? [];
  const width = Math.max(...mistakes.map(({ name }) => name.length));
  const lines = mistakes.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  return [`Mistakes that can be planted in ${program}:`, ...lines].join('\n');
}

async function check(given: GivenOptions, host: Host): Promise<number> {
  const options = readSessionOptions(given, defaultSteps);
  const { program } = options.settings;
  if (!checkedPrograms.includes(program)) {
    throw new UsageError(
      `${program} has no hand-written backward to check. Give --program ${checkedPrograms.join(' or ')}.`,
    );
  }
  const backward = choiceOf(given, 'backward', builtInBackwards) ?? defaultBackward;
  const result = await withSession(host, options, async (session) => {
    await choose(session, backward, textOf(given, 'mistake'));
    await session.advance(options.steps);
    return session.request({ type: 'check' });
  });
  if (result === null) throw new Error(`The session had no check of ${program}.`);
  host.print(given.has('json') ? checkJson(result) : checkTable(result));
  return passes(result) ? exitCodes.done : exitCodes.failed;
}

/** Chosen before the steps are made, so that a mistake that does not exist costs no run. */
async function choose(session: HeadlessSession, backward: BuiltInBackward, mistake: string | null): Promise<void> {
  try {
    await session.request({ type: 'chooseBackward', backward, mistake });
  } catch (error) {
    const isBadMistake = error instanceof RefusalError && ['not-found', 'invalid-command'].includes(error.refusal.code);
    if (isBadMistake) throw new UsageError(`--mistake: ${error.message}`);
    throw error;
  }
}
