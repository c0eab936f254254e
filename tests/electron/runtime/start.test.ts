import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasDisplay } from '../../../electron/runtime/display.mjs';
import { launchArguments, launchEnvironment } from '../../../electron/runtime/launch.mjs';
import { nodeVersionProblem } from '../../../electron/runtime/node-version.mjs';
import { ROOT } from '../../../electron/runtime/project.mjs';
import { failureReport, runApp } from '../../../electron/runtime/run-app.mjs';
import { parseStartOptions, UsageError } from '../../../electron/runtime/start-options.mjs';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
const parse = (...argv: string[]) => parseStartOptions(argv, folder);

describe('the options of npm start', () => {
  test('none asks for a window', () => {
    expect(parse()).toEqual({ help: false, screenshot: null });
  });

  test.each([
    [['--screenshot', 'x.png'], { file: join(folder, 'x.png'), steps: 200 }],
    [['--screenshot=x.PNG', '--steps=1'], { file: join(folder, 'x.PNG'), steps: 1 }],
    [['--steps', '10000000'], { file: join(folder, 'chainrule.png'), steps: 10_000_000 }],
  ])('%j asks for a picture', (argv, screenshot) => {
    expect(parse(...argv)).toEqual({ help: false, screenshot });
  });

  test.each([
    [['--steps', '0'], /1 to 10,000,000, not "0"/],
    [['--steps', '10000001'], /1 to 10,000,000/],
    [['--steps', '1.5'], /whole number/],
    [['--steps', '1e3'], /whole number/],
    [['--steps', ''], /whole number/],
    [['--steps'], /--steps/],
    [['--screenshot', 'x.jpg'], /\.png/],
    [['--screenshot', 'absent/x.png'], /absent does not exist/],
    [['--bogus'], /--bogus/],
    [['stray'], /stray/],
  ])('%j is refused', (argv, message) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(message);
  });
});

describe('how the app is launched', () => {
  test('as root, and only then, without sandbox', () => {
    const situation = { virtual: false, screenshot: null };
    expect(launchArguments({ ...situation, root: true })).toEqual(['--no-sandbox', ROOT]);
    expect(launchArguments({ ...situation, root: false })).toEqual([ROOT]);
  });

  test('the app gets the picture’s file and the steps', () => {
    const screenshot = { file: '/tmp/x.png', steps: 50 };
    expect(launchArguments({ root: false, virtual: true, screenshot })).toEqual([
      '--disable-gpu',
      ROOT,
      '--screenshot=/tmp/x.png',
      '--steps=50',
    ]);
  });

  test('the environment names the runtime and the display, and never makes Electron a plain Node', () => {
    const runtime = { executable: '/e/electron', version: '33.3.0', origin: 'a test' };
    const env = launchEnvironment({ HOME: '/home/a', ELECTRON_RUN_AS_NODE: '1' }, runtime, ':7');
    expect(env).toEqual({
      HOME: '/home/a',
      DISPLAY: ':7',
      CHAINRULE_RUNTIME: 'Electron 33.3.0 from a test (/e/electron)',
    });
  });

  test('only Linux can lack a display', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(hasDisplay({}, 'win32')).toBe(true);
  });
});

describe('runApp', () => {
  const launch = (script: string) => ({
    executable: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: {},
    stop: async () => {},
  });

  test('gives the exit code of the app', async () => {
    expect(await runApp(launch('process.exit(3)'))).toBe(3);
    expect(await runApp(launch(''))).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('gives 128 + the number of the signal that ended the app', async () => {
    expect(await runApp(launch("process.kill(process.pid, 'SIGKILL')"))).toBe(137);
  });

  test('says which executable cannot be started', async () => {
    await expect(runApp({ ...launch(''), executable: '/nowhere/electron' })).rejects.toThrow(/\/nowhere\/electron/);
  });

  test('a failure is reported with what Chromium logged, and with the way out of a forbidden sandbox', () => {
    expect(failureReport(3, null, [])).toBe('Electron ended with code 3.');
    const report = failureReport(133, 'SIGTRAP', ['[1:1/1.1:FATAL:x.cc(1)] The SUID sandbox helper binary …']);
    expect(report).toMatch(/SIGTRAP[\s\S]*SUID sandbox helper[\s\S]*4755/);
  });
});

describe('the version of Node', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  });

  test.each(['20.18.3', '18.20.0', '8.0.0'])('%s is too old', (version) => {
    expect(nodeVersionProblem(version)).toContain(`this is Node ${version}`);
  });
});
