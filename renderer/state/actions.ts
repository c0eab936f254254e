import { type ActionId, actions } from '../../core/protocol/actions';
import { toggleBreakpoints, toggleNodeBreakpoint } from './breakpoint-actions';
import { openSession, saveEvidence, saveSession, saveTensors } from './file-actions';
import { chooseNames, pause, restart, restoreBuiltInNames, run, step, stepBack, stepOp } from './session-actions';
import { type State, showBottomTab, showDialog, showView, useStore } from './store';
import type { View } from './views';

interface ActionHandler {
  perform(): void;
  /** Whether it can be done now; menus, buttons and the palette show it disabled otherwise. */
  isEnabled(state: State): boolean;
}

const always = () => true;
const hasSession = ({ connection, session }: State) => connection === 'open' && session !== null;
const isResting = (state: State) => hasSession(state) && !state.running;

const showing = (view: View): ActionHandler => ({ perform: () => showView(view), isEnabled: always });
/** A refusal is shown by the function itself, so nobody waits for it here. */
const asking = (ask: () => Promise<void>, isEnabled: ActionHandler['isEnabled']): ActionHandler => ({
  perform: () => void ask(),
  isEnabled,
});

/** What each action of the protocol's table does in this window. */
const handlers: Readonly<Record<ActionId, ActionHandler>> = {
  openNames: asking(chooseNames, hasSession),
  useBuiltInNames: asking(
    restoreBuiltInNames,
    (state) => hasSession(state) && state.session?.dataset.builtIn === false,
  ),
  openSession: asking(openSession, hasSession),
  saveSession: asking(saveSession, hasSession),
  saveEvidence: asking(
    saveEvidence,
    (state) => isResting(state) && state.position === null && state.session?.backward !== null,
  ),
  saveTensors: asking(saveTensors, (state) => isResting(state) && state.position === null),
  run: asking(run, isResting),
  pause: asking(pause, (state) => hasSession(state) && state.running),
  step: asking(step, isResting),
  stepOp: asking(() => stepOp('op'), isResting),
  finishPhase: asking(() => stepOp('phase'), isResting),
  stepBack: asking(stepBack, (state) => isResting(state) && state.step > 0),
  fork: { perform: () => showDialog('fork'), isEnabled: (state) => isResting(state) && state.position === null },
  toggleBreakpoint: {
    perform: () => {
      const { selectedNode } = useStore.getState();
      if (selectedNode !== null) void toggleNodeBreakpoint(selectedNode);
    },
    isEnabled: (state) => hasSession(state) && state.selectedNode !== null,
  },
  heedBreakpoints: asking(toggleBreakpoints, hasSession),
  // The condition is written where breakpoints are.
  runBack: { perform: () => showBottomTab('breakpoints'), isEnabled: (state) => isResting(state) && state.step > 0 },
  restart: asking(restart, hasSession),
  showSettings: { perform: () => showDialog('settings'), isEnabled: hasSession },
  showGradientDiff: showing('gradientDiff'),
  showActivations: showing('activations'),
  showGradients: showing('gradients'),
  showWeights: showing('weights'),
  showUpdates: showing('updates'),
  showSaturation: showing('saturation'),
  showLoss: showing('loss'),
  showSamples: showing('samples'),
  showGraph: showing('graph'),
  showWhatIf: showing('whatIf'),
  showExercises: { perform: () => showBottomTab('exercises'), isEnabled: always },
  showFindings: { perform: () => showBottomTab('findings'), isEnabled: always },
  showBreakpoints: { perform: () => showBottomTab('breakpoints'), isEnabled: always },
  showPalette: { perform: () => showDialog('palette'), isEnabled: always },
  about: { perform: () => showDialog('about'), isEnabled: ({ connection }) => connection === 'open' },
};

export function isActionEnabled(id: ActionId, state: State): boolean {
  return handlers[id].isEnabled(state);
}

/** Does the action; nothing where it is disabled or unknown (a menu of another version). */
export function performAction(id: string, state: State): void {
  const action = actions.find((candidate) => candidate.id === id);
  if (action !== undefined && handlers[action.id].isEnabled(state)) handlers[action.id].perform();
}

export function actionOf(id: ActionId): (typeof actions)[number] {
  const action = actions.find((candidate) => candidate.id === id);
  if (action === undefined) throw new RangeError(`There is no action “${id}”.`);
  return action;
}
