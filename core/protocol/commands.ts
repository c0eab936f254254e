import * as v from 'valibot';
import { breakpointsSchema, longestCondition } from './breakpoints';
import { ruleNameSchema } from './findings';
import { partNameSchema } from './session-files';
import { ratesSchema, settingsSchema } from './settings';
import { whatIfSchema } from './what-if';

/** Longest side of the window of a tensor that one `inspect` answers with, in cells. */
export const inspectWindow = 256;
/** A names file may hold this many bytes: 64 MiB. */
export const maximumNamesBytes = 64 * 1024 * 1024;

/** The backward passes that come with a program. */
export const builtInBackwards = ['nodewise', 'fused'] as const;
export type BuiltInBackward = (typeof builtInBackwards)[number];
/** `python` is the person's own, in the editor. */
export const backwardNames = [...builtInBackwards, 'python'] as const;
export type BackwardName = (typeof backwardNames)[number];

const count = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const bytes = (longest: number) =>
  v.pipe(
    v.instance(Uint8Array<ArrayBufferLike>),
    v.check((value) => value.byteLength <= longest, `More than ${longest} bytes.`),
  );

/** One `step` command may ask for this many steps. */
export const maximumSteps = 10_000_000;

/** A session file may have this many bytes: 1 GiB. */
export const maximumSessionBytes = 2 ** 30;

/** The editor's code may have this many characters. */
export const maximumCodeLength = 200_000;

/** A notebook may have this many bytes, its pictures included: 64 MiB. */
export const maximumNotebookBytes = 64 * 1024 * 1024;

/** What is kept of the exercises across launches. */
export const progressSchema = v.strictObject({
  /** The code in the editor. */
  code: text(maximumCodeLength),
  /** Whether the person wrote it in the app, or said that it may run. */
  trusted: v.boolean(),
  /** The exercise that is open, 1 to 4. */
  exercise: count(1, 4),
  /** Exercises done. */
  done: v.pipe(v.array(count(1, 4)), v.maxLength(100)),
  /** How many hints are revealed, by exercise or node. */
  hints: v.pipe(v.record(text(64), count(0, 3)), v.maxEntries(1000)),
});
export type Progress = v.InferOutput<typeof progressSchema>;

/** What the worker's session carries out. */
const sessionCommands = [
  /** New settings: the session starts again at step 0. Answers `SessionDescription`. */
  v.strictObject({ type: v.literal('configure'), settings: settingsSchema }),
  /** The same settings and data again from step 0. Answers `SessionDescription`. */
  v.strictObject({ type: v.literal('restart') }),
  /** Another list of names; on refusal the session goes on untouched. Answers `SessionDescription`. */
  v.strictObject({ type: v.literal('loadNames'), fileName: text(1024), bytes: bytes(maximumNamesBytes + 1) }),
  /** Back to the built-in list. Answers `SessionDescription`. */
  v.strictObject({ type: v.literal('useBuiltInNames') }),
  /** `count` steps, then rest. Answers `StepAnswer` at rest. */
  v.strictObject({ type: v.literal('step'), count: count(1, maximumSteps) }),
  /** One op further within a step, or every op to the end of the phase. Answers `StepAnswer` once at rest there. */
  v.strictObject({ type: v.literal('stepOp'), until: v.picklist(['op', 'phase']) }),
  /** One op's inputs, output and contributions, by its number in forward order. Answers `OpDetail`. */
  v.strictObject({ type: v.literal('inspectOp'), op: count(0, 1e6) }),
  /** Every tensor's moments, for the graph. Answers `Flow`. */
  v.strictObject({ type: v.literal('flow') }),
  /** Steps until `pause`. Answers null at once. */
  v.strictObject({ type: v.literal('run') }),
  /** Answers `StepAnswer` once at rest. */
  v.strictObject({ type: v.literal('pause') }),
  /** Stands at a step that was made, earlier or later, with everything as it was there. Answers `StepAnswer` at rest. */
  v.strictObject({ type: v.literal('goTo'), step: count(0, maximumSteps) }),
  /** From the present step on, another course of training with these learning rates; the old one stays. Answers `Timeline`. */
  v.strictObject({ type: v.literal('fork'), rates: ratesSchema }),
  /** Stands at the farthest step of another course of training. Answers `StepAnswer` at rest. */
  v.strictObject({ type: v.literal('switchBranch'), branch: count(0, 1e6) }),
  /** All courses of training. Answers `Timeline`. */
  v.strictObject({ type: v.literal('timeline') }),
  /**
   * All breakpoints of the session, in place of those there were; one that stays keeps its hits. With `isActive` false none
   * is heeded. Answers `Breakpoints`; refused as `invalid-condition`, changing nothing, where one cannot be had.
   */
  v.strictObject({ type: v.literal('setBreakpoints'), breakpoints: breakpointsSchema, isActive: v.boolean() }),
  /** What a rule compares with, its default for null; asks it anew. Answers `Findings`. */
  v.strictObject({ type: v.literal('setThreshold'), rule: ruleNameSchema, value: v.nullable(v.number()) }),
  /** Stands at the last earlier step at which the condition held. Answers `RunBackAnswer` at rest. */
  v.strictObject({ type: v.literal('runBack'), condition: text(longestCondition) }),
  /** Which hand-written backward is checked, and the mistake planted in it. Answers `Check`. */
  v.strictObject({
    type: v.literal('chooseBackward'),
    backward: v.picklist(backwardNames),
    mistake: v.nullable(text(64)),
  }),
  /**
   * The person's code: checked at once, and at every rest from now on where `python` is the backward chosen. Code from a
   * file that the person did not write runs only with `trusted`. A newer one replaces one that still waits, which is then
   * answered `cancelled`. With `only`, these nodes' gradients alone are asked for, and those that the code reads but does not
   * write are given. Answers `CodeCheck`.
   */
  v.strictObject({
    type: v.literal('checkCode'),
    code: text(maximumCodeLength),
    trusted: v.boolean(),
    only: v.optional(v.pipe(v.array(text(64)), v.maxLength(1000))),
  }),
  /** Stops running Python code; where it does not listen within half a second, Python is started anew. Answers null. */
  v.strictObject({ type: v.literal('stopPython') }),
  /** Whose gradients the updates use from the next step on. Answers null. */
  v.strictObject({ type: v.literal('trainWith'), gradients: v.picklist(['autograd', 'manual']) }),
  /** How far the losses of a run with manual gradients are from autograd's, thinned. Answers `DriftHistory`. */
  v.strictObject({ type: v.literal('driftHistory'), points: count(2, 5000) }),
  /** One element of a node's difference, path by path. Answers `Blame`. */
  v.strictObject({ type: v.literal('blame'), node: text(64), index: v.pipe(v.array(count(0, 1e9)), v.maxLength(8)) }),
  /** The check of the step at which the session stands. Answers `Check`, or null where the program has no backward. */
  v.strictObject({ type: v.literal('check') }),
  /** One node's numbers: a window of its cells beginning at (row, column) of its 2-D fold. Answers `NodeDetail`. */
  v.strictObject({
    type: v.literal('inspect'),
    node: text(64),
    row: count(0, 1e9),
    column: count(0, 1e9),
  }),
  /** Losses of all steps, thinned to at most `points` buckets. Answers `LossHistory`. */
  v.strictObject({
    type: v.literal('lossHistory'),
    points: count(2, 5000),
    /** Of which course of training; the present one where it is left out. */
    branch: v.optional(count(0, 1e6)),
  }),
  /** log10 update:data of every parameter, thinned likewise. Answers `UpdateHistory`. */
  v.strictObject({ type: v.literal('updateHistory'), points: count(2, 5000) }),
  /** Names drawn from the network as it stands. Answers `Samples`. */
  v.strictObject({ type: v.literal('sample'), count: count(1, 200), seed: count(0, 4294967295) }),
  /** Batch against running statistics of every batch norm. Answers `BatchNormStatistics[]`. */
  v.strictObject({ type: v.literal('batchNorms') }),
  /** Measures the statistics that predicting needs over the training set, where training does not keep them. Answers `BatchNormStatistics[]`. */
  v.strictObject({ type: v.literal('calibrate') }),
  /** The present step with other numbers, beside the live one. Answers `WhatIf`. */
  v.strictObject({ type: v.literal('whatIf'), change: whatIfSchema }),
  /** Loss over the whole training and development sets; long, with `progress` events. Answers `Evaluation`. */
  v.strictObject({ type: v.literal('evaluate') }),
  /** The present step and what the check says of it, for others to verify. Answers `Evidence`. */
  v.strictObject({ type: v.literal('evidence') }),
  /**
   * The session as a file, code and exercises included where they are given. An autosave keeps fewer snapshots. Answers
   * `PackedSession`, or null where the session is still that which `unless` names, or there is nothing to keep.
   */
  v.strictObject({
    type: v.literal('packSession'),
    kind: v.picklist(['file', 'autosave']),
    progress: v.nullable(progressSchema),
    unless: v.nullable(text(1_000_000)),
    /** Names of the parts of an autosave that are kept already. */
    kept: v.array(partNameSchema),
  }),
  /** Goes on with a session that was saved; on refusal the present one stays. Answers `RestoredSession` at rest. */
  v.strictObject({
    type: v.literal('unpackSession'),
    bytes: bytes(maximumSessionBytes),
    /** What is kept beside an autosave. */
    parts: v.array(v.strictObject({ name: partNameSchema, bytes: bytes(maximumSessionBytes) })),
  }),
  /** What a saved session is, of which these parts are kept beside it; changes nothing. Answers `SavedDescription`. */
  v.strictObject({
    type: v.literal('describeSaved'),
    bytes: bytes(maximumSessionBytes),
    parts: v.array(partNameSchema),
  }),
  /** Stops a running `step`, `evaluate` or `report` soon; what it interrupts is refused with code `cancelled`. */
  v.strictObject({ type: v.literal('cancel') }),
  /** Finishes the present step (its update included) and reports on it; deep-stack. Answers `Report`. */
  v.strictObject({ type: v.literal('report') }),
  /** Every node, gradient, minibatch and loss as a safetensors file. Answers `Uint8Array`. */
  v.strictObject({ type: v.literal('tensors') }),
] as const;

/** What main carries out itself, because it owns files, dialogs and the clipboard. */
const hostCommands = [
  /** Asks the person for a names file and loads it. Answers `SessionDescription`, or null when they cancel. */
  v.strictObject({ type: v.literal('chooseNames') }),
  /** Puts text on the clipboard. Answers null. */
  v.strictObject({ type: v.literal('copyText'), text: text(16 * 1024 * 1024) }),
  /** Asks where to, and writes a PNG there. Answers the file's name, or null when they cancel. */
  v.strictObject({ type: v.literal('savePicture'), name: text(256), bytes: bytes(64 * 1024 * 1024) }),
  /** Asks for a Python file or a notebook and reads it; it is not run. Answers `CodeFile`, or null when they cancel. */
  v.strictObject({ type: v.literal('openCode') }),
  /** The code of a notebook that was dropped on the window. Answers `CodeFile`; refused as `file` where it cannot be read. */
  v.strictObject({ type: v.literal('readNotebook'), fileName: text(1024), text: text(maximumNotebookBytes) }),
  /** Asks where to, and writes the code there. Answers the file's name, or null when they cancel. */
  v.strictObject({ type: v.literal('saveCode'), code: text(maximumCodeLength) }),
  /** Exercises done, hints shown and the code, as they were kept at the last `saveProgress`. Answers `Progress`. */
  v.strictObject({ type: v.literal('loadProgress') }),
  /** Keeps them across launches. Answers null. */
  v.strictObject({ type: v.literal('saveProgress'), progress: progressSchema }),
  /** Asks where to, and writes the session there. Answers the file's name, or null when they cancel. */
  v.strictObject({ type: v.literal('saveSession'), progress: progressSchema }),
  /** Asks for a session file and goes on with it. Answers `RestoredSession`, or null when they cancel. */
  v.strictObject({ type: v.literal('openSession') }),
  /** What was autosaved of the last sessions that ended, the newest first. Answers `AutosaveOffer[]`. */
  v.strictObject({ type: v.literal('autosaveOffers') }),
  /** Goes on with one of them. Answers `RestoredSession`. */
  v.strictObject({ type: v.literal('acceptAutosave'), id: text(64) }),
  /** Throws one of them away. Answers null. */
  v.strictObject({ type: v.literal('declineAutosave'), id: text(64) }),
  /** Asks where to, and writes evidence of the present step there. Answers the file's name, or null. */
  v.strictObject({ type: v.literal('saveEvidence') }),
  /** Asks where to, and writes every tensor of the present step there. Answers the file's name, or null. */
  v.strictObject({ type: v.literal('saveTensors') }),
  /** Answers `About`. */
  v.strictObject({ type: v.literal('about') }),
] as const;

const sessionCommandSchema = v.variant('type', [...sessionCommands]);
const hostCommandSchema = v.variant('type', [...hostCommands]);
const commandSchema = v.variant('type', [...sessionCommands, ...hostCommands]);

export type SessionCommand = v.InferOutput<typeof sessionCommandSchema>;
export type HostCommand = v.InferOutput<typeof hostCommandSchema>;
export type Command = v.InferOutput<typeof commandSchema>;

/** A command and the number its answer will carry. */
const requestSchema = v.strictObject({
  kind: v.literal('request'),
  id: count(0, Number.MAX_SAFE_INTEGER),
  command: commandSchema,
});
/** "The last frame is on the screen; the next may come." */
const creditSchema = v.strictObject({ kind: v.literal('credit') });
/** Everything that may travel from a client (renderer, command line) towards the session. */
const clientMessageSchema = v.variant('kind', [requestSchema, creditSchema]);

export type Request = v.InferOutput<typeof requestSchema>;
export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;

const hostCommandTypes: ReadonlySet<string> = new Set(hostCommands.map((schema) => schema.entries.type.literal));

/** Whether main answers this command itself instead of passing it on to the worker. */
export function isHostCommand(command: Command): command is HostCommand {
  return hostCommandTypes.has(command.type);
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** Validates what came over a port. The message names the place in the command and what is accepted there. */
export function parseClientMessage(input: unknown): Parsed<ClientMessage> {
  const result = v.safeParse(clientMessageSchema, input);
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  return { ok: false, message: place === null ? issue.message : `${place}: ${issue.message}` };
}
