import { manualBackwardOf } from '../../core/programs/registry';
import { type BuiltInBackward, builtInBackwards } from '../../core/protocol/commands';
import { programNames } from '../../core/protocol/settings';
import { RefusalError } from '../worker/session-client';
import { askedNodes, askedOptions } from './asked-nodes';
import { checkFiles } from './check-files';
import { checkJson, checkTable, exitCodeOfCheck } from './check-table';
import type { Command } from './command';
import { type HeadlessSession, withSession } from './headless-session';
import { type Host, UsageError } from './host';
import { type Arguments, choiceOf, type GivenOptions, textOf } from './options';
import { readSessionOptions, sessionOptions } from './setting-options';

const defaultSteps = 0;
const defaultBackward: BuiltInBackward = 'nodewise';

/** The programs that have a hand-written backward to check. */
const checkedPrograms: readonly string[] = programNames.filter((program) => manualBackwardOf(program) !== null);

const aboutFiles = `Each FILE.py is a backward pass in Python, as one writes it in the window: it finds every forward node, n, Xb, Yb,
vocab_size, torch and F, and writes dlogprobs, dprobs and so on. Of a notebook, FILE.ipynb, those cells are judged that write
gradients, with what they need of others; with --json "cells" says of each code cell whether it is "judged", "why", and the
"line" on which it begins in the joined code, whose lines all others are. Only name files that you trust. Without a file, a
built-in backward is checked.

Exit codes: 0 every gradient that is asked for is right; 1 one is not; 2 a file could not be read, the code could not run to its
end, this step cannot judge (the run has diverged), or the arguments cannot be used. Right is what is exact or differs by rounding only. A masked
gradient has the right value on this loss and not the right formula; --accept-masked lets it pass. "bound" is the largest
difference that rounding to float32 can make here.

With --json a file gives {"ran": true, "error": null, "unjudged": null, "rows": [{"node", "shape", "exact", "approximate",
"maxdiff", "bound", "maxUlp", "worstIndex", "verdict", "line", "reason", "notes"}], "rootCauses": [{"node", "line", "mistake",
"explanation"}], "search": "complete" or "cut", "judgedAt": [{"seed", "batchSize"}], "notes": []}. "judgedAt" says at which other
points formulas were judged: their seeds follow from --seed and from every byte of the code. Where the code could not run to its end, "ran" is false, "error"
is {"type", "message", "line"}, and the rows are of what it wrote until then. Where this step cannot judge, "unjudged" is
{"reason", "step"}. A row with several answers has "answers": [{"line", "verdict", "reason"}]. Several files give an array in
their order; one that cannot be read is {"path", "ran": false, "error", …} without rows, and the others are judged. A built-in backward gives {"unjudged", "rows"}.`;

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
    ...askedOptions,
    { name: 'accept-masked', value: null, description: 'let gradients pass whose value alone is right' },
    { name: 'json', value: null, description: 'print the rows as JSON and nothing else' },
  ],
  files: '[FILE.py …]',
  details: [aboutFiles, ...checkedPrograms.map(listMistakes)].join('\n\n'),
  examples: [
    'chainrule check backward.py --init ninja',
    'chainrule check anna.py ben.py --json',
    'chainrule check lecture4.ipynb --init ninja',
    'chainrule check fused-loss.py --exercise 2',
    'chainrule check backward.py --only logits,hprebn --accept-masked',
    'chainrule check --hidden 64 --batch 32 --init ninja',
    'chainrule check --backward fused --steps 100',
    'chainrule check --mistake variance-over-n --json',
  ],
  execute: check,
};

function listMistakes(program: string): string {
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
  const acceptMasked = given.has('accept-masked');
  const asJson = given.has('json');
  if (files.length > 0) {
    refuse(given, ['backward', 'mistake'], 'is of the built-in backwards; leave it out, or the files.');
    const only = askedNodes(given, manualBackwardOf(program)?.comparedNodes ?? []);
    return checkFiles(files, options, { only, asJson, acceptMasked }, host);
  }
  const ofFiles = askedOptions.map(({ name }) => name);
  refuse(given, ofFiles, 'is of files; name one, or leave it out.');
  const backward = choiceOf(given, 'backward', builtInBackwards) ?? defaultBackward;
  const result = await withSession(host, options, async (session) => {
    await choose(session, backward, textOf(given, 'mistake'));
    await session.advance(options.steps);
    return session.request({ type: 'check' });
  });
  if (result === null) throw new Error(`The session had no check of ${program}.`);
  host.print(asJson ? checkJson(result) : checkTable(result, { acceptMasked }));
  return exitCodeOfCheck(result, { acceptMasked });
}

/** What chooses a built-in backward says nothing of a file, and the other way round. */
function refuse(given: GivenOptions, names: readonly string[], why: string): void {
  for (const name of names) if (given.has(name)) throw new UsageError(`--${name} ${why}`);
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
