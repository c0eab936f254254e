import { RefusalError } from '../worker/session-client';
import { checkCommand } from './check';
import type { Command } from './command';
import { commandHelp, helpOption, programHelp } from './help';
import { exitCodes, type Host, InterruptedError, UsageError } from './host';
import { nearest } from './nearest';
import { parseArguments } from './options';
import { runCommand } from './run';
import { shown } from './shown';
import { verifyCommand } from './verify';

const commands: readonly Command[] = [runCommand, checkCommand, verifyCommand];

/**
 * Carries out one command line, given without the program's name. Never throws: what goes wrong is said on standard
 * error.
 * @returns the exit code: 0 done, 1 failed or a gradient not right, 2 bad arguments, code that could not run or a step that
 * cannot judge, 130 stopped by Ctrl-C. Of the process alone: 3 where standard output could not be written.
 */
export async function commandLine(argv: readonly string[], process: Host): Promise<number> {
  const [first, ...rest] = argv;
  const host = withNothingUnseen(process);
  const command = commands.find(({ name }) => name === first);
  try {
    return command === undefined ? withoutCommand(first, host) : await execute(command, rest, host);
  } catch (error) {
    return tell(error, command, host);
  }
}

/** Whatever is printed or said may hold what a file has given: names, output, errors. None of it is to act on the terminal. */
function withNothingUnseen(host: Host): Host {
  return { ...host, print: (text) => host.print(shown(text)), say: (text) => host.say(shown(text)) };
}

async function execute(command: Command, argv: readonly string[], host: Host): Promise<number> {
  // Help is given whatever else is on the line: who asks for it may have got the rest wrong.
  if (argv.includes('--help') || argv.includes('-h')) {
    host.print(commandHelp(command));
    return exitCodes.done;
  }
  return command.execute(parseArguments(argv, [...command.options, helpOption], command.files !== null), host);
}

function withoutCommand(first: string | undefined, host: Host): number {
  switch (first) {
    case '--help':
    case '-h':
      host.print(programHelp(commands));
      return exitCodes.done;
    case '--version':
      host.print(host.version);
      return exitCodes.done;
    default: {
      const names = commands.map(({ name }) => name);
      if (first === undefined) throw new UsageError(`Say what to do: ${listOf(names, 'disjunction')}.`);
      const suggestion = nearest(first, names);
      const hint =
        suggestion === null ? `The commands are ${listOf(names, 'conjunction')}.` : `Did you mean ${suggestion}?`;
      throw new UsageError(`There is no command '${first}'. ${hint}`);
    }
  }
}

/** "run, check, or verify". */
const listOf = (words: readonly string[], type: 'conjunction' | 'disjunction') =>
  new Intl.ListFormat('en', { type }).format(words);

function tell(error: unknown, command: Command | undefined, host: Host): number {
  if (error instanceof UsageError) {
    host.say(error.message);
    host.say(`'chainrule ${command === undefined ? '' : `${command.name} `}--help' says what is accepted.`);
    return exitCodes.badArguments;
  }
  if (error instanceof InterruptedError) {
    host.say(error.message);
    return exitCodes.interrupted;
  }
  if (error instanceof RefusalError) {
    host.say(error.message);
    return exitCodes.failed;
  }
  // Anything else is a defect of ours: the stack is what a report of it needs.
  host.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}
