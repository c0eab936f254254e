import { useLab } from '../../state/lab';
import { useStore } from '../../state/store';
import { CodePane } from '../code-editor/code-pane';
import { BackwardListing } from './backward-listing';

/** The backward pass that is checked: the editor where it is the person's own, otherwise a listing. */
export function BackwardPane() {
  const isChosen = useLab((lab) => lab.isChosen);
  const hasBackward = useStore(({ session }) => session !== null && session.backward !== null);
  return isChosen && hasBackward ? <CodePane /> : <BackwardListing />;
}
