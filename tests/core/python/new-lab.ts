import type { Session } from '../../../core/debugger/session';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import type { CheckRow, CodeCheck, Verdict } from '../../../core/protocol/answers';
import { Lab } from '../../../core/python/lab';
import type { PythonRuntime } from '../../../core/python/python-runtime';
import { newArena } from '../engine';
import { type LabPython, startLabPython } from './lab-python';

/** A lab for which no time passes unless the clock says so. `onCall` is told of each call of a function of Python's. */
export async function newLab(clock = () => 0, onCall: (name: string) => void = () => {}): Promise<Lab> {
  return labOf(await startLabPython(), clock, onCall);
}

/** A lab, and what gives it an interpreter in which nothing has run. */
export async function newRenewableLab(): Promise<{ readonly lab: Lab; readonly renew: () => Promise<void> }> {
  const python = await startLabPython();
  const lab = labOf(python);
  return { lab, renew: async () => lab.runIn(await python.newRunning()) };
}

function labOf(
  { reading, running, table }: LabPython,
  clock = () => 0,
  onCall: (name: string) => void = () => {},
): Lab {
  const watched = <Name extends string>(python: PythonRuntime<Name>): PythonRuntime<Name> => ({
    call(name, request) {
      onCall(name);
      return python.call(name, request);
    },
  });
  return new Lab({
    reading: watched(reading),
    running: watched(running),
    table,
    clock,
    kernelsFor: () => referenceKernels,
    newArena,
  });
}

/** The check of `code` at the step where the session stands. */
export function checkOf(lab: Lab, session: Session, code: string): CodeCheck {
  return lab.check(session.labInputs(code), code, 'thorough').check;
}

export function rowOf({ rows }: CodeCheck, node: string): CheckRow {
  return rows.find((row) => row.node === node)!;
}

/** The nodes whose verdict is one of these. */
export function nodesWith({ rows }: CodeCheck, ...verdicts: readonly Verdict[]): readonly string[] {
  return rows.filter(({ verdict }) => verdicts.includes(verdict)).map(({ node }) => node);
}
