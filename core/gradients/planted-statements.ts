import { NotFoundError } from '../programs/network';
import type { ManualBackward, Planted } from '../programs/statement';
import type { BuiltInBackward } from '../protocol/commands';

/**
 * The lines of a backward, with a mistake in them where one is named.
 * @throws NotFoundError where the mistake does not exist or cannot be planted in this backward.
 */
export function plantedStatements(
  manual: ManualBackward,
  backward: BuiltInBackward,
  mistakeName: string | null,
): Planted {
  const statements = manual.statements[backward];
  if (mistakeName === null) return { statements, planted: [] };
  const mistake = manual.mistakes.find(({ name }) => name === mistakeName);
  if (mistake === undefined) {
    const names = manual.mistakes.map(({ name }) => name).join(', ');
    throw new NotFoundError(`There is no mistake named '${mistakeName}'. Choose one of: ${names}.`);
  }
  const result = mistake.plant(statements);
  if (result === null) {
    throw new NotFoundError(`'${mistake.title}' cannot be planted in the ${backward} backward: it has no such line.`);
  }
  return result;
}
