import type { Dataset } from '../data/dataset';
import type { KernelDescription } from '../kernels/build';
import type { Kernels } from '../kernels/kernels';
import type { Settings } from '../programs/settings';
import type { Arena } from '../tensor/arena';

/** Data and where it came from. */
export interface NamedDataset {
  readonly dataset: Dataset;
  readonly name: string;
  readonly builtIn: boolean;
}

/** What a session is made of. */
export interface SessionParts {
  readonly kernels: Kernels;
  /** What the kernels are, for the record. */
  readonly kernelDescription: KernelDescription;
  /** A new arena, of memory that the kernels see. */
  readonly newArena: () => Arena;
  readonly data: NamedDataset;
  readonly settings: Settings;
}
