import { type OwnCode, readOwnCode } from '../main/files';
import { RefusalError } from '../worker/session-client';
import type { Leniency } from './check-table';
import { codeJson, codeTable, exitCodeOf, type FileReport } from './code-report';
import { withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import type { SessionOptions } from './setting-options';
import { shownInLine } from './shown';

/** How files are judged, and how it is told. */
interface FileOptions extends Leniency {
  /** The nodes whose gradients are asked for; null for all. */
  readonly only: readonly string[] | null;
  readonly asJson: boolean;
}

/**
 * Checks files of a person's own code, one after the other in one Python, and prints what each comes to. A file that is
 * named on the command line is trusted by being named. Of several, one that cannot be read is told of as what it is, and the
 * others are judged.
 * @returns the exit code.
 * @throws UsageError where none can be read.
 */
export async function checkFiles(
  paths: readonly string[],
  options: SessionOptions,
  { only, asJson, acceptMasked }: FileOptions,
  host: Host,
): Promise<number> {
  const codes = await Promise.all(paths.map(codeOf));
  const problems = codes.filter((code) => typeof code === 'string');
  if (problems.length === paths.length) throw new UsageError(problems.join('\n'));
  const files: FileReport[] = [];
  try {
    await withSession(host, options, async (session) => {
      await session.advance(options.steps);
      for (const [index, path] of paths.entries()) {
        const read = codes[index] ?? '';
        if (typeof read === 'string') {
          files.push({ path, unread: read });
          continue;
        }
        const { code, notebook } = read;
        const asked = only === null ? {} : { only: [...only] };
        const check = await session.request({ type: 'checkCode', code, trusted: true, ...asked });
        files.push({ path, check, notebook });
      }
    });
  } catch (error) {
    // There is no Python: nothing is known of the code.
    if (!(error instanceof RefusalError) || error.refusal.code !== 'not-now') throw error;
    host.say(error.message);
    return exitCodes.codeFailed;
  }
  host.print(asJson ? codeJson(files) : codeTable(files, { acceptMasked }));
  return exitCodeOf(files, { acceptMasked });
}

/** The code of a file, or why it cannot be read. */
async function codeOf(path: string): Promise<OwnCode | string> {
  try {
    return await readOwnCode(path);
  } catch (error) {
    if (error instanceof RefusalError) return shownInLine(error.message);
    throw error;
  }
}
