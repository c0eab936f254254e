import { Session } from '../../core/debugger/session';
import type { NamedDataset, SessionParts } from '../../core/debugger/session-parts';
import { defaultValues, programSettingsOf, type Settings, settingsDescribed } from '../../core/programs/settings';
import { referenceSpace } from './engine';
import { smallData } from './names-dataset';

/** A session at step 0 on a few made-up names, with the program's default settings but for `changes`. */
export function newSession(
  { program = 'decomposed-mlp', ...changes }: Partial<Settings> = {},
  data: NamedDataset = smallData(),
  {
    kernels,
    kernelDescription,
    newArena,
  }: Pick<SessionParts, 'kernels' | 'kernelDescription' | 'newArena'> = referenceSpace,
): Session {
  const defaults = defaultValues(settingsDescribed(programSettingsOf(program)));
  const settings: Settings = { program, ...defaults, ...changes };
  return new Session({ kernels, kernelDescription, newArena, data, settings });
}

/** The session after so many more steps. */
export function advanced(session: Session, steps: number): Session {
  for (let step = 0; step < steps; step++) session.advance();
  return session;
}

/** The bits of float32 numbers, so that comparing them tells −0 from 0 and compares NaN. */
export const bitsOf = (values: ArrayLike<number>) => [...new Uint32Array(Float32Array.from(values).buffer)];

/** Every value and gradient of the session's nodes, as bits. */
export function everyBit({ network, step }: Session): Record<string, number[]> {
  const bits: Record<string, number[]> = { step: [step] };
  for (const { name, tensor } of network.nodes) {
    bits[name] = bitsOf(tensor.values());
    bits[`d${name}`] = bitsOf(network.tape.gradientOf(tensor).values());
  }
  for (const [index, buffer] of network.buffers.entries()) bits[`buffer ${index}`] = bitsOf(buffer.values());
  return bits;
}
