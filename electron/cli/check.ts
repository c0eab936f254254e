import { manualBackwardOf } from '../../core/programs/registry';
import { type BuiltInBackward, builtInBackwards } from '../../core/protocol/commands';
import { type ProgramName, programNames } from '../../core/protocol/settings';
import { RefusalError } from '../worker/session-client';
import { checkFiles } from './check-files';
import { checkJson, checkTable, passes } from './check-table';
import type { Command } from './command';
import { type HeadlessSession, withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import { type Arguments, choiceOf, type GivenOptions, textOf } from './options';
import { readSessionOptions, sessionOptions } from './setting-options';

const defaultSteps = 0;
const defaultBackward: BuiltInBackward = 'nodewise';

/** The programs that have a hand-written backward to check. */
const checkedPrograms = programNames.filter((program) => manualBackwardOf(program) !== null);

const aboutFiles = `Each FILE.py is a backward pass in Python, as one writes it in the window: it finds every forward node, n, Xb, Yb,
vocab_size, torch and F, and writes dlogprobs, dprobs and so on. Only name files that you trust. Without a file, a built-in
backward is checked. Exit codes: 0 every gradient is right; 1 one is not; 2 the code could not run.

With --json a file gives {"rows": [… and "line"], "rootCauses": [{"node", "line", "mistake", "explanation"}], "ran": true},
or {"ran": false, "error": {"type", "message", "line"}}; several files give an array in their order.`;

/** `chainrule check`: compares a hand-written backward with autograd, node by node. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'compares a hand-written backward with autograd, node by node',
  options: [
    ...sessionOptions(defaultSteps),
    {
      name: 'backward',
      value: 'NAME',
      description: `check a built-in one: ${builtInBackwards.join(' or ')} (default ${defaultBackward})`,
    },
    { name: 'mistake', value: 'NAME', description: 'plant one of the mistakes below in it (default: none)' },
    { name: 'json', value: null, description: 'print the rows as JSON and nothing else' },
  ],
  files: '[FILE.py …]',
  details: [aboutFiles, ...checkedPrograms.map(listMistakes)].join('\n\n'),
  examples: [
    'chainrule check backward.py --init ninja',
    'chainrule check anna.py ben.py --json',
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

async function check({ options: given, files }: Arguments, host: Host): Promise<number> {
  const options = readSessionOptions(given, defaultSteps);
  const { program } = options.settings;
  if (!checkedPrograms.includes(program)) {
    throw new UsageError(
      `${program} has no hand-written backward to check. Give --program ${checkedPrograms.join(' or ')}.`,
    );
  }
  if (files.length > 0) {
    refuseOfFiles(given);
    return checkFiles(files, options, given.has('json'), host);
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

/** What chooses a built-in backward says nothing of a file. */
function refuseOfFiles(given: GivenOptions): void {
  for (const name of ['backward', 'mistake']) {
    if (given.has(name)) throw new UsageError(`--${name} is of the built-in backwards; leave it out, or the files.`);
  }
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
