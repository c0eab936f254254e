import { writeWholeFile } from '../main/files';
import type { Command } from './command';
import { withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import { type Arguments, type GivenOptions, textOf } from './options';
import { outputPath } from './output-file';
import { formatSeconds } from './progress-bar';
import { readSessionOptions, sessionOptions } from './setting-options';

const defaultSteps = 1000;

/** `chainrule run`: trains, and writes what the run came to. */
export const runCommand: Command = {
  name: 'run',
  summary: 'trains a program and writes its report or its tensors',
  options: [
    ...sessionOptions(defaultSteps),
    {
      name: 'report',
      value: 'FILE',
      description: 'write what the notebook prints after N whole steps, as JSON; needs --steps 1 or more',
    },
    {
      name: 'tensors',
      value: 'FILE',
      description: 'write every node, its gradient and the minibatch of step N, as safetensors',
    },
  ],
  files: null,
  details: `N whole steps are made, updates included. The report is on those; the tensors are those of one more minibatch's forward
and backward, without an update. Both may be asked for at once, of any program.`,
  examples: [
    'chainrule run --program deep-stack --batch-norm --gain 1 --names names.txt --steps 1001 --report report.json',
    'chainrule run --hidden 100 --batch 16 --init seed --steps 0 --tensors out.safetensors',
  ],
  execute: run,
};

async function run({ options: given }: Arguments, host: Host): Promise<number> {
  const options = readSessionOptions(given, defaultSteps);
  const { settings, steps } = options;
  const { reportPath, tensorsPath } = await outputPaths(given);
  if (reportPath !== null && steps === 0) {
    throw new UsageError('--report is on finished steps, so that --steps must be at least 1.');
  }
  const began = host.now();
  const results = await withSession(host, options, async (session) => {
    // `report` itself finishes the last step, because what it reports on is gone once the next one has begun.
    await session.advance(reportPath === null ? steps : steps - 1);
    const report = reportPath === null ? null : await session.request({ type: 'report' });
    const tensors = tensorsPath === null ? null : await session.request({ type: 'tensors' });
    return { report, tensors, step: session.step, loss: session.loss };
  });
  const took = formatSeconds((host.now() - began) / 1000);
  // Written last, so that an interrupted run leaves no file behind. JSON has no NaN: it becomes null.
  if (reportPath !== null) await writeWholeFile(reportPath, Buffer.from(`${JSON.stringify(results.report)}\n`));
  if (tensorsPath !== null && results.tensors !== null) await writeWholeFile(tensorsPath, results.tensors);

  const { step, loss } = results;
  host.print(`${settings.program}: ${steps} steps, loss ${loss.toFixed(4)} at step ${step}, ${took} in all.`);
  if (!Number.isFinite(loss))
    host.print('The run has diverged: the loss is not a finite number. Lower the learning rate (--lr).');
  for (const path of [reportPath, tensorsPath]) if (path !== null) host.print(`Wrote ${path}.`);
  return exitCodes.done;
}

async function outputPaths(given: GivenOptions) {
  const report = textOf(given, 'report');
  const tensors = textOf(given, 'tensors');
  const reportPath = report === null ? null : await outputPath('report', report);
  const tensorsPath = tensors === null ? null : await outputPath('tensors', tensors);
  if (reportPath !== null && reportPath === tensorsPath) {
    throw new UsageError(`--report and --tensors are both ${reportPath}. Give each a file of its own.`);
  }
  return { reportPath, tensorsPath };
}
