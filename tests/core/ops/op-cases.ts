import type * as fc from 'fast-check';
import type { OpName } from '../../../core/ops/table';
import { arithmeticCases } from './cases/arithmetic';
import { elementwiseCases } from './cases/elementwise';
import { functionCases } from './cases/functions';
import { indexingCases } from './cases/indexing';
import { linearCases } from './cases/linear';
import { lossCases } from './cases/losses';
import { normaliseCases } from './cases/normalise';
import { embeddingCases, randomCases } from './cases/random';
import { reduceCases } from './cases/reduce';
import { shapeCases, viewCases } from './cases/shape';
import { windowCases } from './cases/windows';
import type { Scenario } from './scenarios';

/** A way to use each op. A key for every op: the type asks for it, and a test does. */
export const cases: { readonly [Name in OpName]: fc.Arbitrary<Scenario> } = {
  ...arithmeticCases,
  ...functionCases,
  ...elementwiseCases,
  ...reduceCases,
  ...normaliseCases,
  ...lossCases,
  ...embeddingCases,
  ...randomCases,
  ...shapeCases,
  ...viewCases,
  ...linearCases,
  ...windowCases,
  ...indexingCases,
};
