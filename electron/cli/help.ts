import type { Command } from './command';
import type { Option } from './options';

/** Every command and the program itself have it. */
export const helpOption: Option = { name: 'help', value: null, description: 'show this' };

/** What `chainrule --help` prints. */
export function programHelp(commands: readonly Command[]): string {
  const usages = [
    ...commands.map((command) => [usage(command), command.summary] as const),
    ['chainrule COMMAND --help', "the command's options, with what they accept, and examples"] as const,
    ['chainrule --version', 'which version this is'] as const,
  ];
  return `Chainrule debugs backpropagation: it steps a real network and checks every gradient. This is the command line; the
window opens with npm start.

${columns(usages)}

Exit codes: 0 done; 1 a gradient is not right, or the run failed; 2 bad arguments, code that could not run, or a step that
cannot judge; 3 standard output could not be written; 130 stopped by Ctrl-C.`;
}

/** What `chainrule COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const { name, summary, options, details, examples } = command;
  const rows = [...options, helpOption].map(
    (option) => [`--${option.name}${option.value === null ? '' : ` ${option.value}`}`, option.description] as const,
  );
  const sections = [
    `chainrule ${name} ${summary}.`,
    `Usage: ${usage(command)}`,
    columns(rows),
    details,
    `Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`,
  ];
  return sections.join('\n\n');
}

function usage({ name, files }: Command): string {
  return `chainrule ${name}${files === null ? '' : ` ${files}`} [options]`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
