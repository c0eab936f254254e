import { type OwnCode, readOwnCode } from '../main/files';
import { RefusalError } from '../worker/session-client';
import type { Leniency } from './check-table';
import { type CheckedFile, codeJson, codeTable, exitCodeOf } from './code-report';
import { withSession } from './headless-session';
import { exitCodes, type Host, UsageError } from './host';
import type { SessionOptions } from './setting-options';

/** How files are judged, and how it is told. */
interface FileOptions extends Leniency {
  /** The nodes whose gradients are asked for; null for all. */
  readonly only: readonly string[] | null;
  readonly asJson: boolean;
}

/**
 * Checks files of a person's own code, one after the other in one Python, and prints what each comes to. A file that is
 * named on the command line is trusted by being named.
 * @returns the exit code.
 * @throws UsageError where a file cannot be read.
 */
export async function checkFiles(
  paths: readonly string[],
  options: SessionOptions,
  { only, asJson, acceptMasked }: FileOptions,
  host: Host,
): Promise<number> {
  const codes = await Promise.all(paths.map(usableCode));
  const files: CheckedFile[] = [];
  try {
    await withSession(host, options, async (session) => {
      await session.advance(options.steps);
      for (const [index, path] of paths.entries()) {
        const { code, notebook } = codes[index] ?? { code: '', notebook: null };
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

async function usableCode(path: string): Promise<OwnCode> {
  try {
    return await readOwnCode(path);
  } catch (error) {
    if (error instanceof RefusalError) throw new UsageError(error.message);
    throw error;
  }
}
