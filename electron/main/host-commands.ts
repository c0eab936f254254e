import { basename } from 'node:path';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { About } from '../../core/protocol/answers';
import type { HostCommand } from '../../core/protocol/commands';
import { RefusalError } from '../worker/session-client';
import type { Autosave } from './autosave';
import { joinedCodeOf, readNamesFile, readOwnCode, readSessionFile, writeWholeFile } from './files';
import type { ProgressFile } from './progress-file';
import type { SessionSupervisor } from './session-supervisor';

/** What host commands need of the desktop. */
export interface Desktop {
  /** Resolves with the chosen file's path, or null when the person cancels. */
  askForNamesFile(): Promise<string | null>;
  /** Resolves with the chosen Python file's or notebook's path, or null when the person cancels. */
  askForCodeFile(): Promise<string | null>;
  /** Resolves with where to save a picture, beginning with `name`; null when the person cancels. */
  askWhereToSavePicture(name: string): Promise<string | null>;
  /** Resolves with the chosen session file's path, or null when the person cancels. */
  askForSessionFile(): Promise<string | null>;
  /** The same for a session, for evidence, and for a step's tensors. */
  askWhereToSaveSession(name: string): Promise<string | null>;
  askWhereToSaveEvidence(name: string): Promise<string | null>;
  askWhereToSaveTensors(name: string): Promise<string | null>;
  /** The same for Python code. */
  askWhereToSaveCode(name: string): Promise<string | null>;
  writeClipboard(text: string): void;
  about(): About;
}

export type AnswerHostCommand = (command: HostCommand) => Promise<AnswerOf[HostCommand['type']]>;

/** What carries host commands out, besides the desktop. */
export interface HostParts {
  readonly desktop: Desktop;
  readonly progressFile: ProgressFile;
  readonly autosave: Pick<Autosave, 'offers' | 'goOn' | 'decline'>;
  readonly session: Pick<SessionSupervisor, 'request'>;
}

/** Makes the function that carries out the commands which main answers itself. It throws RefusalError (rejection). */
export function hostCommandAnswerer({ desktop, progressFile, autosave, session }: HostParts): AnswerHostCommand {
  return async (command) => {
    switch (command.type) {
      case 'chooseNames': {
        const path = await desktop.askForNamesFile();
        if (path === null) return null;
        const bytes = await readNamesFile(path);
        return session.request({ type: 'loadNames', fileName: basename(path), bytes });
      }
      case 'copyText':
        desktop.writeClipboard(command.text);
        return null;
      case 'savePicture':
        return savePicture(desktop, command.name, command.bytes);
      case 'openCode': {
        const path = await desktop.askForCodeFile();
        return path === null ? null : { fileName: basename(path), code: (await readOwnCode(path)).code };
      }
      case 'readNotebook':
        return { fileName: command.fileName, code: joinedCodeOf(command.fileName, command.text).code };
      case 'saveCode': {
        const path = await desktop.askWhereToSaveCode('backward.py');
        return path === null ? null : written(path, Buffer.from(command.code));
      }
      case 'saveSession': {
        const path = await desktop.askWhereToSaveSession('session.chainrule');
        if (path === null) return null;
        const { progress } = command;
        const packed = await session.request({ type: 'packSession', kind: 'file', progress, unless: null, kept: [] });
        return packed === null ? null : written(path, packed.bytes);
      }
      case 'openSession': {
        const path = await desktop.askForSessionFile();
        if (path === null) return null;
        return session.request({ type: 'unpackSession', bytes: await readSessionFile(path), parts: [] });
      }
      case 'autosaveOffers':
        return autosave.offers();
      case 'acceptAutosave':
        return autosave.goOn(command.id, (kept) => session.request({ type: 'unpackSession', ...kept }));
      case 'declineAutosave':
        await autosave.decline(command.id);
        return null;
      case 'saveEvidence': {
        const path = await desktop.askWhereToSaveEvidence('step.evidence.json');
        if (path === null) return null;
        const evidence = await session.request({ type: 'evidence' });
        return written(path, Buffer.from(`${JSON.stringify(evidence, null, 2)}\n`));
      }
      case 'saveTensors': {
        const path = await desktop.askWhereToSaveTensors('step.safetensors');
        return path === null ? null : written(path, await session.request({ type: 'tensors' }));
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
  return written(path, bytes);
}

async function written(path: string, bytes: Uint8Array): Promise<string> {
  await writeWholeFile(path, bytes);
  return basename(path);
}
