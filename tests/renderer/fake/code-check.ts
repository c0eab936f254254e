import { defaultSettings } from '../../../core/protocol/settings';
import { codeCheckAt } from './lab';
import { describeSession } from './program';

/** A session of the decomposed MLP. */
export const decomposedSession = describeSession(defaultSettings('decomposed-mlp'));

/** The made-up lab's check of some code at step 0. */
export const checkOfCode = (code: string) => codeCheckAt(decomposedSession, code, 0);
