// @ts-check
import { resolve } from 'node:path';

/** The checkout's root folder. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where builds, locks and test results go; ignored by git. */
export const OUT = resolve(ROOT, 'out');
