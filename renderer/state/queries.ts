import type { Check, LossHistory } from '../../core/protocol/answers';
import { RefusedError, type RequestFunction } from './connection';
import { isCodeCheck } from './lab';
import { createLatestWish } from './latest-wish';
import { liveChange } from './live-change';
import { notify, type State, useStore } from './store';
import { shownOp } from './walk';

/** Buckets of a history: about one for every two pixels of a wide window, and what the charts can draw at ease. */
const historyPoints = 500;

/** Rests between two answers while the session runs, in milliseconds. At rest there is none. */
const pauses = { detail: 200, history: 450 } as const;

/**
 * Keeps what must be asked for as fresh as the view needs: the selected node's numbers and the histories. Checks come as
 * events by themselves.
 * @returns a function that stops it.
 */
export function keepAnswersFresh(request: RequestFunction): () => void {
  const whileRunning = (milliseconds: number) => () => (useStore.getState().running ? milliseconds : 0);

  const wishDetail = createLatestWish<Pick<State, 'session' | 'selectedNode' | 'cellOrigin'>>(
    ({ session, selectedNode, cellOrigin }) =>
      quietly(session, async () => {
        if (selectedNode === null) return;
        const detail = await request({ type: 'inspect', node: selectedNode, ...cellOrigin });
        putForSession(session, { detail });
      }),
    whileRunning(pauses.detail),
  );
  const wishLosses = createLatestWish<Pick<State, 'session'>>(
    ({ session }) =>
      quietly(session, async () => {
        const lossHistory = await request({ type: 'lossHistory', points: historyPoints });
        const others = useStore.getState().timeline?.branches.filter(({ isCurrent }) => !isCurrent) ?? [];
        const otherLosses = new Map<number, LossHistory>();
        for (const { id } of others) {
          otherLosses.set(id, await request({ type: 'lossHistory', points: historyPoints, branch: id }));
        }
        putForSession(session, { lossHistory, otherLosses });
      }),
    whileRunning(pauses.history),
  );
  const wishUpdates = createLatestWish<Pick<State, 'session'>>(
    ({ session }) =>
      quietly(session, async () => {
        putForSession(session, { updateHistory: await request({ type: 'updateHistory', points: historyPoints }) });
      }),
    whileRunning(pauses.history),
  );

  const wishFlow = createLatestWish<Pick<State, 'session'>>(
    ({ session }) =>
      quietly(session, async () => {
        putForSession(session, { flow: await request({ type: 'flow' }) });
      }),
    whileRunning(pauses.history),
  );

  const wishOp = createLatestWish<Pick<State, 'session' | 'position' | 'chosenOp'>>(
    (state) =>
      quietly(state.session, async () => {
        const op = shownOp(state);
        if (op !== null) putForSession(state.session, { opDetail: await request({ type: 'inspectOp', op }) });
      }),
    whileRunning(pauses.detail),
  );

  const wishBatchNorms = createLatestWish<Pick<State, 'session'>>(
    ({ session }) =>
      quietly(session, async () => {
        putForSession(session, { batchNorms: await request({ type: 'batchNorms' }) });
      }),
    whileRunning(pauses.history),
  );
  const wishWhatIf = createLatestWish<Pick<State, 'session' | 'frame' | 'whatIfChange'>>(
    (state) =>
      quietly(state.session, async () => {
        const change = state.whatIfChange ?? liveChange(state);
        if (change !== null) putForSession(state.session, { whatIf: await request({ type: 'whatIf', change }) });
      }),
    whileRunning(pauses.detail),
  );

  return useStore.subscribe((state, before) => {
    if (state.session === null || state.connection !== 'open') return;
    const changed = (...keys: readonly (keyof State)[]) => keys.some((key) => state[key] !== before[key]);
    const moved = changed('connection', 'session', 'step', 'running');

    if (moved || changed('position', 'selectedNode', 'cellOrigin') || backwardChanged(state.check, before.check))
      wishDetail(state);
    if (moved || changed('timeline')) wishLosses(state);
    if (state.view === 'graph' && (moved || changed('position', 'view'))) wishFlow(state);
    if (state.view === 'graph' && (moved || changed('position', 'view', 'chosenOp'))) wishOp(state);
    if (state.view === 'samples' && (moved || changed('view'))) wishBatchNorms(state);
    if (
      state.view === 'whatIf' &&
      state.position === null &&
      (moved || changed('position', 'view', 'whatIfChange', 'frame'))
    )
      wishWhatIf(state);
    if (state.view === 'updates' && (moved || changed('view'))) wishUpdates(state);
  });
}

/** Whether the manual gradients are of another backward, which changes a node's numbers though the step is the same. */
function backwardChanged(check: Check | null, before: Check | null): boolean {
  if (isCodeCheck(check)) return check !== before;
  return check?.backward !== before?.backward || check?.mistake !== before?.mistake;
}

/** An answer of a session that has ended meanwhile is thrown away. */
function putForSession(session: State['session'], change: Partial<State>): void {
  if (useStore.getState().session === session) useStore.setState(change);
}

/**
 * Carries a query out that nobody clicked for. A refusal that only says "not at this moment" is no news: the next step
 * asks again. Nor is one about a session that has ended meanwhile. Everything else is shown.
 */
async function quietly(session: State['session'], query: () => Promise<void>): Promise<void> {
  try {
    await query();
  } catch (error) {
    const isPassing =
      error instanceof RefusedError && (error.refusal.code === 'not-now' || error.refusal.code === 'cancelled');
    const isOfThePast = useStore.getState().session !== session;
    if (!isPassing && !isOfThePast) notify('error', error instanceof Error ? error.message : String(error));
  }
}
