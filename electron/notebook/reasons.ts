import type { CellDraft } from './cell-draft';
import type { GivenNames } from './given-names';
import { allStatements, simpleStatements } from './leaves';
import { draws, drawsLots, isTrainingLoop, nameOfCmp, readsFile, reasonToLeaveOut } from './purposes';
import type { NameUse } from './python-names';

/** Why a cell is judged, to be read after "it": "writes the gradient of logits". */
export function reasonToJudge({ isRoot, written, writtenInTraining, defines }: CellDraft): string {
  const nodes = new Set([...written, ...writtenInTraining]);
  if (isRoot && nodes.size > 0) return `writes the gradient of ${listed([...nodes])}`;
  if (isRoot) return 'compares gradients';
  const [reader] = defines.values();
  return `defines ${listed([...defines.keys()])}, which cell ${reader} reads`;
}

/** Why a cell is skipped, to be read after "it": "only draws". */
export function reasonToSkip({ whyNot, statements, notBegun }: CellDraft, given: GivenNames): string {
  if (whyNot !== null) return whyNot;
  const all = statements.flatMap(simpleStatements);
  const loops = statements.flatMap(allStatements).filter((statement) => isTrainingLoop(statement, given));
  if (loops.some(({ use }) => use.attributesWritten.has('data') || runsAutograd(use))) return 'trains';
  if (all.some(({ use }) => runsAutograd(use))) return 'runs autograd, as the lab does';
  if (all.some(({ use }) => readsFile(use))) return 'reads a file';
  if (all.some(({ use }) => drawsLots(use) && use.binds.size > 0)) {
    return 'makes the network or its data, which the lab has';
  }
  if (all.some(({ use }) => draws(use))) return 'only draws';
  const empty = [...notBegun].flatMap(({ use }) => [...use.binds]);
  if (empty.length > 0) return `is not begun: ${listed(empty)} ${empty.length === 1 ? 'is' : 'are'} None`;
  if (all.every((leaf) => nameOfCmp(leaf) === 'cmp')) return 'defines cmp, which the lab has';
  if (all.every(({ kind }) => kind === 'ImportStatement')) return 'imports nothing that a judged cell needs';
  if (all.some((leaf) => reasonToLeaveOut(leaf, given) === 'makes what the lab has')) return 'makes what the lab has';
  if (all.every(({ kind }) => kind === 'ExpressionStatement')) return 'only shows values';
  return 'defines nothing that a judged cell needs';
}

const runsAutograd = ({ calls }: NameUse) => [...calls].some((call) => /\.(?:backward|step)$/.test(call));

/** "dlogits", "dlogits and dh", "dlogits, dh, dW2 and 23 more". */
export function listed(names: readonly string[]): string {
  const shown = 3;
  if (names.length > shown) return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
  const last = names.at(-1) ?? '';
  return names.length <= 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
