import { basename } from 'node:path';
import type { About, AnswerOf, SessionDescription } from '../../core/protocol/answers';
import type { HostCommand } from '../../core/protocol/commands';
import { RefusalError } from '../worker/session-client';
import { readCodeFile, readNamesFile, writeWholeFile } from './files';
import type { ProgressFile } from './progress-file';

/** What host commands need of the desktop. */
export interface Desktop {
  /** Resolves with the chosen file's path, or null when the person cancels. */
  askForNamesFile(): Promise<string | null>;
  /** Resolves with the chosen Python file's path, or null when the person cancels. */
  askForCodeFile(): Promise<string | null>;
  /** Resolves with where to save a picture, beginning with `name`; null when the person cancels. */
  askWhereToSavePicture(name: string): Promise<string | null>;
  /** The same for Python code. */
  askWhereToSaveCode(name: string): Promise<string | null>;
  writeClipboard(text: string): void;
  about(): About;
}

export type AnswerHostCommand = (command: HostCommand) => Promise<AnswerOf[HostCommand['type']]>;

export type LoadNames = (fileName: string, bytes: Uint8Array) => Promise<SessionDescription>;

/** Makes the function that carries out the commands which main answers itself. It throws RefusalError (rejection). */
export function hostCommandAnswerer(
  desktop: Desktop,
  progressFile: ProgressFile,
  loadNames: LoadNames,
): AnswerHostCommand {
  return async (command) => {
    switch (command.type) {
      case 'chooseNames': {
        const path = await desktop.askForNamesFile();
        return path === null ? null : loadNames(basename(path), await readNamesFile(path));
      }
      case 'copyText':
        desktop.writeClipboard(command.text);
        return null;
      case 'savePicture':
        return savePicture(desktop, command.name, command.bytes);
      case 'openCode': {
        const path = await desktop.askForCodeFile();
        return path === null ? null : { fileName: basename(path), code: await readCodeFile(path) };
      }
      case 'saveCode': {
        const path = await desktop.askWhereToSaveCode('backward.py');
        if (path === null) return null;
        await writeWholeFile(path, Buffer.from(command.code));
        return basename(path);
      }
      case 'loadProgress':
        return progressFile.load();
      case 'saveProgress':
        await progressFile.save(command.progress);
        return null;
      case 'about':
        return desktop.about();
      default:
        return command satisfies never;
    }
  };
}

/** The eight bytes every PNG file begins with (PNG specification, 5.2). */
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function savePicture(desktop: Desktop, name: string, bytes: Uint8Array): Promise<string | null> {
  // The page names a file and sends its bytes: it must not thereby write what is not a picture, nor choose the folder.
  if (!pngSignature.every((byte, index) => bytes[index] === byte)) {
    throw new RefusalError({ code: 'invalid-command', message: `${name} was not saved: it is not a PNG picture.` });
  }
  const path = await desktop.askWhereToSavePicture(basename(name));
  if (path === null) return null;
  await writeWholeFile(path, bytes);
  return basename(path);
}
