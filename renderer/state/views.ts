/** The tabs of the centre, in order, with the words on them. */
export const views = [
  { id: 'gradientDiff', title: 'Gradient diff' },
  { id: 'activations', title: 'Activations' },
  { id: 'gradients', title: 'Gradients' },
  { id: 'weights', title: 'Weights' },
  { id: 'updates', title: 'Updates' },
  { id: 'saturation', title: 'Saturation' },
  { id: 'loss', title: 'Loss' },
  { id: 'samples', title: 'Samples' },
  { id: 'graph', title: 'Graph' },
  { id: 'whatIf', title: 'What if' },
] as const;

/** The tabs of the pane under the views. */
export const bottomTabs = [
  { id: 'backward', title: 'Backward' },
  { id: 'exercises', title: 'Exercises' },
  { id: 'findings', title: 'Findings' },
  { id: 'breakpoints', title: 'Breakpoints' },
  { id: 'log', title: 'Log' },
] as const;

export type BottomTab = (typeof bottomTabs)[number]['id'];

export type View = (typeof views)[number]['id'];
