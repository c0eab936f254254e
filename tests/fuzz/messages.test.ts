import { expect, it } from 'vitest';
import { type HostCommand, parseClientMessage, type SessionCommand } from '../../core/protocol/commands';
import { defaultSettings } from '../../core/protocol/settings';
import { Relay } from '../../electron/main/relay';
import { FakePort } from '../electron/fakes';
import { ServerHarness, small, words } from '../electron/worker/server-harness';
import { mutatedValue, pick } from './mutate';
import { rounds, tryAll } from './trial';

const progress = { code: 'dC = 1', trusted: false, exercise: 3, done: [1, 2], hints: { logprobs: 2 } };
const breakpoint = { id: 1, isEnabled: true, skip: 0, log: null, kind: 'condition', condition: 'loss > 4' } as const;
const bytes = new TextEncoder().encode(words.join('\n'));
const commands: readonly (SessionCommand | HostCommand)[] = [
  { type: 'configure', settings: { ...defaultSettings('deep-stack'), hiddenSize: 4, batchSize: 4, depth: 2 } },
  { type: 'configure', settings: small },
  { type: 'restart' },
  { type: 'loadNames', fileName: 'names.txt', bytes },
  { type: 'step', count: 2 },
  { type: 'stepOp', until: 'phase' },
  { type: 'inspectOp', op: 3 },
  { type: 'run' },
  { type: 'pause' },
  { type: 'goTo', step: 1 },
  { type: 'fork', rates: { learningRate: 0.1, learningRateDropStep: 5, droppedLearningRate: 0.01 } },
  { type: 'switchBranch', branch: 0 },
  { type: 'setBreakpoints', breakpoints: [breakpoint, { ...breakpoint, id: 2, log: 'loss {loss}' }], isActive: true },
  { type: 'runBack', condition: 'step % 2 == 0 and not isNaN(any)' },
  { type: 'chooseBackward', backward: 'fused', mistake: null },
  { type: 'checkCode', code: 'dC = 1', trusted: true, only: ['C'] },
  { type: 'trainWith', gradients: 'manual' },
  { type: 'blame', node: 'h', index: [0, 1] },
  { type: 'inspect', node: 'h', row: 0, column: 0 },
  { type: 'lossHistory', points: 100, branch: 0 },
  { type: 'sample', count: 2, seed: 1 },
  { type: 'whatIf', change: { gain: 2, initScale: 1, learningRate: 0.1 } },
  { type: 'packSession', kind: 'autosave', progress, unless: null, kept: ['1-0-0'] },
  { type: 'unpackSession', bytes, parts: [{ name: '1-0-0', bytes }] },
  { type: 'describeSaved', bytes, parts: ['1-0-0'] },
  { type: 'cancel' },
  { type: 'tensors' },
  { type: 'copyText', text: 'a' },
  { type: 'savePicture', name: 'a.png', bytes },
  { type: 'saveProgress', progress },
  { type: 'acceptAutosave', id: 'autosave-before-1' },
  { type: 'about' },
];
const timeout = 1_800_000;

const mutatedMessage = (random: () => number, round: number) =>
  mutatedValue({ kind: 'request', id: round, command: pick(commands, random) }, random);

it('mutated messages of a page are refused or passed on, and the page goes on', { timeout }, () => {
  const answered: string[] = [];
  const relay = new Relay({
    session: {
      request: (command) => {
        answered.push(command.type);
        return new Promise(() => {});
      },
      grantCredit: () => {},
      standingEvents: () => [],
    },
    answerHostCommand: async (command) => {
      answered.push(command.type);
      return null;
    },
    log: () => {},
  });
  const port = new FakePort();
  relay.connect(port);
  tryAll({ seed: 5, make: mutatedMessage, read: (message) => port.say(message), refusals: [] });
  expect(answered.length).toBeGreaterThan(rounds / 100);
  const before = answered.length;
  port.ask(1, { type: 'check' });
  expect(answered.slice(before)).toEqual(['check']);
});

it('mutated messages to a session are refused or carried out, and the session goes on', { timeout }, () => {
  const harness = new ServerHarness();
  tryAll({
    seed: 6,
    make: mutatedMessage,
    read: (message) => {
      // What is sound is carried out, but nothing of a size that a person would wait for.
      const parsed = parseClientMessage(message);
      const command = parsed.ok && parsed.value.kind === 'request' ? parsed.value.command : null;
      if (command?.type === 'configure' || (command?.type === 'step' && command.count > 10)) return;
      harness.server.receive(message);
      harness.turns(2);
      harness.request({ type: 'cancel' });
      harness.request({ type: 'pause' });
      harness.settle();
      harness.forget();
    },
    refusals: [],
  });
  harness.ask({ type: 'configure', settings: small });
  expect(harness.ask({ type: 'step', count: 1 }).step).toBe(1);
});
