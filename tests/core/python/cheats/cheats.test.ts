import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comparedNodes } from '../../../../core/programs/decomposed-mlp/backward';
import { isRight } from '../../../../core/protocol/answers';
import type { Lab } from '../../../../core/python/lab';
import { advanced, newSession } from '../../sessions';
import { lecture } from '../corpus/correct';
import { checkOf, newRenewableLab, nodesWith } from '../new-lab';
import { type Cheat, nodesList } from './cheat';
import { engineCheats } from './engine';
import { gradientCheats } from './gradients';
import { runCheats } from './runs';

let lab: Lab;
let renew: () => Promise<void>;
beforeAll(async () => {
  ({ lab, renew } = await newRenewableLab());
}, 60_000);
beforeEach(() => renew());

const session = advanced(newSession({ batchSize: 8, hiddenSize: 12 }), 3);
const inputs = session.labInputs('');

describe.each([
  ['what gradients are', gradientCheats],
  ['from run to run', runCheats],
  ['the lab’s own modules and the engine', engineCheats],
] satisfies readonly (readonly [string, readonly Cheat[]])[])('%s', (_, cheats) => {
  it.each(cheats)('$name', ({ code, derives = [], told, breaks = false }) => {
    const python = code.replaceAll('NODES', nodesList).replaceAll('STEP_LOSS', String(inputs.loss));
    // Brief: mistakes are not searched for, and all verdicts are the same.
    const judge = () => lab.check(session.labInputs(python), python, 'brief').check;
    if (breaks) {
      expect(judge).toThrow('Traceback');
      return;
    }
    const check = judge();
    expect(nodesWith(check, 'exact', 'rounding').toSorted()).toEqual([...derives].toSorted());
    for (const { verdict, reason } of check.rows) if (!isRight(verdict)) expect(reason).not.toBe('');
    if (told !== undefined) {
      expect(nodesWith(check, told)).toEqual(comparedNodes.filter((node) => !derives.includes(node)));
    }
  });
});

it('and what is right is right in the same lab', () => {
  expect(nodesWith(checkOf(lab, session, lecture), 'exact', 'rounding')).toEqual(comparedNodes);
});
