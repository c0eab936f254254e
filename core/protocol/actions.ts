/** Everything a person can do in the window, by name. The menu, the keys, the toolbar and the palette all read this table. */
export interface Action {
  readonly id: string;
  readonly title: string;
  /** Electron's notation, e.g. `CmdOrCtrl+Shift+P`; empty where there is no key. */
  readonly keys: string;
  readonly menu: 'File' | 'Session' | 'View' | 'Help';
}

export const actions = [
  { id: 'openNames', title: 'Open names…', keys: 'CmdOrCtrl+O', menu: 'File' },
  { id: 'useBuiltInNames', title: 'Use built-in names', keys: '', menu: 'File' },
  { id: 'openSession', title: 'Open session…', keys: 'CmdOrCtrl+Shift+O', menu: 'File' },
  { id: 'saveSession', title: 'Save session…', keys: 'CmdOrCtrl+S', menu: 'File' },
  { id: 'saveEvidence', title: 'Save evidence…', keys: '', menu: 'File' },
  { id: 'saveTensors', title: 'Save tensors…', keys: '', menu: 'File' },
  { id: 'run', title: 'Run', keys: 'F5', menu: 'Session' },
  { id: 'pause', title: 'Pause', keys: 'F6', menu: 'Session' },
  { id: 'step', title: 'Step', keys: 'F10', menu: 'Session' },
  { id: 'stepOp', title: 'Step op', keys: 'F11', menu: 'Session' },
  { id: 'finishPhase', title: 'Finish phase', keys: 'Shift+F11', menu: 'Session' },
  { id: 'stepBack', title: 'Back', keys: 'Shift+F10', menu: 'Session' },
  { id: 'fork', title: 'Branch here…', keys: 'CmdOrCtrl+B', menu: 'Session' },
  { id: 'toggleBreakpoint', title: 'Breakpoint on node', keys: 'F9', menu: 'Session' },
  { id: 'heedBreakpoints', title: 'Heed breakpoints or not', keys: 'CmdOrCtrl+F9', menu: 'Session' },
  { id: 'runBack', title: 'Run back to…', keys: 'CmdOrCtrl+Shift+F10', menu: 'Session' },
  { id: 'restart', title: 'Restart', keys: 'CmdOrCtrl+Shift+F5', menu: 'Session' },
  { id: 'showSettings', title: 'Program settings…', keys: 'CmdOrCtrl+,', menu: 'Session' },
  { id: 'showGradientDiff', title: 'Show gradient diff', keys: 'CmdOrCtrl+1', menu: 'View' },
  { id: 'showActivations', title: 'Show activations', keys: 'CmdOrCtrl+2', menu: 'View' },
  { id: 'showGradients', title: 'Show gradients', keys: 'CmdOrCtrl+3', menu: 'View' },
  { id: 'showWeights', title: 'Show weights', keys: 'CmdOrCtrl+4', menu: 'View' },
  { id: 'showUpdates', title: 'Show updates', keys: 'CmdOrCtrl+5', menu: 'View' },
  { id: 'showSaturation', title: 'Show saturation', keys: 'CmdOrCtrl+6', menu: 'View' },
  { id: 'showLoss', title: 'Show loss', keys: 'CmdOrCtrl+7', menu: 'View' },
  { id: 'showSamples', title: 'Show samples', keys: 'CmdOrCtrl+8', menu: 'View' },
  { id: 'showGraph', title: 'Show graph', keys: 'CmdOrCtrl+0', menu: 'View' },
  { id: 'showWhatIf', title: 'Show what if', keys: 'CmdOrCtrl+Shift+0', menu: 'View' },
  { id: 'showExercises', title: 'Show exercises', keys: 'CmdOrCtrl+9', menu: 'View' },
  { id: 'showFindings', title: 'Show findings', keys: '', menu: 'View' },
  { id: 'showBreakpoints', title: 'Show breakpoints', keys: '', menu: 'View' },
  { id: 'showPalette', title: 'Command palette', keys: 'CmdOrCtrl+Shift+P', menu: 'View' },
  { id: 'about', title: 'About Chainrule', keys: '', menu: 'Help' },
] as const satisfies readonly Action[];

export type ActionId = (typeof actions)[number]['id'];
