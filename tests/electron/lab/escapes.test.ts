import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabClient } from '../../../electron/lab/lab-client';
import { type BuiltLab, buildLab, inputs, rightCode, startLab } from './built-lab';

/*
 * Code that tries to get out of Python. Where it believes that it has, it prints ESCAPED. Every one must end in an error
 * of Python's or in nothing at all, must leave the machine as it was, and the next check must not notice.
 */
let built: BuiltLab;
let client: LabClient;
let folder: string;
let server: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  built = await buildLab();
  client = startLab(built);
  folder = mkdtempSync(join(tmpdir(), 'chainrule-escape-'));
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await client.close();
  server.close();
  rmSync(folder, { recursive: true });
  built.remove();
});

/** The real builtins, `sys` and every class there is, by ways that no copy of the builtins closes. */
const walk = `
real = print.__self__
sys = __import__('random')._os.sys
modules = sys.modules
everything = []
def subclasses(kind):
    for sub in type.__subclasses__(kind):
        if sub not in everything:
            everything.append(sub)
            subclasses(sub)
subclasses(object)
`;

async function attempt(code: string) {
  const { check } = await client.check(
    inputs,
    code.replaceAll('FOLDER', folder).replaceAll('PORT', String(port)),
    'brief',
  );
  expect(check.output).not.toContain('ESCAPED');
  return check;
}

describe('what Python refuses', () => {
  test.each([
    ['import js', 'ImportError'],
    ['import js\nprint("ESCAPED", js.process)', 'ImportError'],
    ['from js import fetch', 'ImportError'],
    ['import pyodide\npyodide.code.run_js("1")', 'ImportError'],
    ['from pyodide.code import run_js', 'ImportError'],
    ['import pyodide_js', 'ImportError'],
    ['import micropip', 'ImportError'],
    ['import _engine', 'ImportError'],
    ['import os\nos.getcwd()', 'ImportError'],
    ['import os\nprint("ESCAPED", os.environ["PATH"])', 'ImportError'],
    ['from os import system\nsystem("true")', 'ImportError'],
    ['import sys\nsys.modules["os"]', 'ImportError'],
    ['import pathlib\npathlib.Path("/").iterdir()', 'ImportError'],
    ['import socket', 'ImportError'],
    ['import ctypes', 'ImportError'],
    ['import subprocess', 'ImportError'],
    ['import threading', 'ImportError'],
    ['import signal', 'ImportError'],
    ['import gc', 'ImportError'],
    ['import importlib', 'ImportError'],
    ['from . import x', 'ImportError'],
    ['open("/etc/passwd")', 'PermissionError'],
    ['input()', 'PermissionError'],
    ['breakpoint()', 'PermissionError'],
    ['exec("import socket")', 'ImportError'],
    ['eval("__import__(\'socket\')")', 'ImportError'],
    ['__builtins__["__import__"]("socket")', 'ImportError'],
    ['__builtins__["__loader__"]', 'KeyError'],
  ])('%s', async (code, type) => {
    expect((await attempt(code)).error?.type).toBe(type);
  });

  test('and says what there is instead', async () => {
    const { error } = await attempt('import socket');
    expect(error?.message).toMatch(/has no module named 'socket'. It offers: .*math.*torch/);
  });
});

describe('what leads nowhere, though the import hook was walked around', () => {
  test.each([
    // The real __import__ finds nothing that is closed.
    ...['js', 'pyodide', 'pyodide_js', '_pyodide_core', 'socket', '_socket', 'ctypes', '_ctypes', 'subprocess'].map(
      (name) => `real.__import__('${name}')\nprint('ESCAPED')`,
    ),
    ...[
      'threading',
      'signal',
      'atexit',
      'gc',
      'zipimport',
      'importlib',
      'ssl',
      'urllib.request',
      'multiprocessing',
    ].map((name) => `real.__import__('${name}')\nprint('ESCAPED')`),
    // Files are Python's own, and none can be written.
    "real.open('/etc/passwd').read()\nprint('ESCAPED')",
    "real.open('FOLDER/x', 'w').write('x')\nprint('ESCAPED')",
    "real.open('/tmp/x', 'w', 1).write('x\\n' * 10000)\nprint('ESCAPED')",
    "print('ESCAPED' if real.open('/proc/self/environ').read() else '')",
    "real.open('/proc/1/cmdline').read()\nprint('ESCAPED')",
    "real.open('/dev/sda', 'rb').read(1)\nprint('ESCAPED')",
    // The machine.
    "modules['os'].system('touch FOLDER/system')\nprint('ESCAPED')",
    "modules['posix'].fork()\nprint('ESCAPED')",
    "modules['os'].execv('/bin/true', ['true'])\nprint('ESCAPED')",
    "modules['os'].popen('id').read()\nprint('ESCAPED')",
    "modules['os'].kill(1, 9)\nprint('ESCAPED')",
    "modules['os'].symlink('/etc', '/tmp/etc'); print(real.open('/tmp/etc/passwd').read(), 'ESCAPED')",
    // Modules made anew.
    "modules['_imp'].create_builtin(None)\nprint('ESCAPED')",
    "[kind for kind in everything if kind.__name__ == 'BuiltinImporter'][0].load_module('_socket')\nprint('ESCAPED')",
    "[kind for kind in everything if kind.__name__ == 'FrozenImporter'][0].load_module('zipimport')\nprint('ESCAPED')",
    "[k for k in everything if k.__name__ == 'zipimporter'][0]('/lib/python314.zip').load_module('ctypes')\nprint('ESCAPED')",
    "[k for k in everything if k.__name__ == 'zipimporter'][0]('/lib/python314.zip').load_module('socket')\nprint('ESCAPED')",
    "sys.meta_path.append([k for k in everything if k.__name__ == 'BuiltinImporter'][0])\nreal.__import__('_ctypes')\nprint('ESCAPED')",
    // JavaScript, by way of what Pyodide left behind.
    "JsException = [k for k in everything if k.__name__ == 'JsException'][-1]\ne = JsException('Error', 'x', 'y')\ne.js_error.constructor.constructor('return 1')()\nprint('ESCAPED')",
    "from torch._call import call\nprint('ESCAPED')",
    // The device by which the engine is called knows the engine's calls alone.
    "call = modules['torch._call'].call\nmodules['torch._call'].check(call('constructor', 1))\nprint('ESCAPED')",
    "call = modules['torch._call'].call\nmodules['torch._call'].check(call('__proto__'))\nprint('ESCAPED')",
    "call = modules['torch._call'].call\ncall.constructor\nprint('ESCAPED')",
    "frame = sys._getframe()\nwhile frame.f_back: frame = frame.f_back\nframe.f_globals['pyodide_js'].loadPackage('x')\nprint('ESCAPED')",
    "try: 1/0\nexcept ZeroDivisionError as e: frame = e.__traceback__.tb_frame\nwhile frame:\n  if 'run_js' in frame.f_globals: print('ESCAPED')\n  frame = frame.f_back\nraise ValueError",
  ])('%s', async (code) => {
    const { error } = await attempt(walk + code);
    expect(error?.type).toMatch(
      /^(AttributeError|ImportError|ModuleNotFoundError|FileNotFoundError|OSError|PermissionError|KeyError|IndexError|JsException|RuntimeError|TypeError|ValueError)$/,
    );
  });

  test('no object of JavaScript is to be reached', async () => {
    // As a text, so that no hook of the lab's slows it.
    const reach = `${walk}
exec('''
attributes = 'f_back f_globals f_builtins __dict__ __closure__ cell_contents __globals__ __self__ __func__ __wrapped__ __mro__'.split()
known = {}
def names_of(kind):
    if kind not in known:
        parts = [type.__dict__['__dict__'].__get__(base) for base in type.__dict__['__mro__'].__get__(kind)]
        slots = [name for part in parts for name in part.get('__slots__', ())]
        known[kind] = [name for name in [*slots, *attributes] if any(name in part for part in parts)]
    return known[kind]
def reachable():
    seen, waiting = {}, [modules, everything, sys._getframe(), globals()]
    while waiting:
        one = waiting.pop()
        if type(one) in (str, int, float, bytes) or id(one) in seen: continue
        seen[id(one)] = one
        yield one
        if isinstance(one, (dict, type(type.__dict__))): waiting.extend([*one.keys(), *one.values()])
        elif isinstance(one, (list, tuple, set, frozenset)): waiting.extend(one)
        else:
            for name in names_of(type(one)):
                try: waiting.append(object.__getattribute__(one, name))
                except Exception: pass
found, proxies = 0, []
for one in reachable():
    found += 1
    if 'JsProxy' in [kind.__name__ for kind in type(one).__mro__]: proxies.append(one)
print('proxies', len(proxies), 'of many' if found > 10000 else found)
''')
`;
    const { output, error } = await attempt(reach);
    expect(error).toBeNull();
    expect(output).toContain('proxies 0 of many\n');
  }, 60_000);
});

test('nothing of all that was left behind, on the machine or in the lab', async () => {
  for (const name of ['x', 'system']) expect(existsSync(join(folder, name))).toBe(false);
  expect(connections).toBe(0);
  const { check } = await client.check(inputs, rightCode, 'brief');
  expect(check.error).toBeNull();
  expect(check.rows.map(({ exact }) => exact)).toEqual([true, true]);
});

describe('a run cannot poison the next', () => {
  test.each([
    ['builtins', 'print.__self__.len = lambda x: 1000\nprint.__self__.range = None\nprint.__self__.extra = 1'],
    ['its own builtins', '__builtins__["sum"] = None\nsum'],
    ['torch', 'torch.ones_like = lambda x: x * 0\ntorch.Tensor.__mul__ = lambda a, b: 0'],
    ['code of torch', 'torch.ones_like.__code__ = (lambda *a, **k: 0).__code__'],
    [
      'the lab',
      "import random\nm = random._os.sys.modules\nm['running.run']._Run = None\nm['running.offer'].Output = None",
    ],
    ['json', "import random\nm = random._os.sys.modules\nm['json'].dumps = None\nm['json'].loads = None"],
    ['sys.modules', 'import random\nrandom._os.sys.modules.clear()'],
    ['math', 'import math\nmath.sqrt = None'],
    ['the recursion limit', 'import random\nrandom._os.sys.setrecursionlimit(30)'],
    ['a trace function', 'import random\nrandom._os.sys.settrace(lambda *a: 1/0)'],
    ['an exit hook', 'class Bad:\n  def __del__(self): raise SystemExit\nkeep = Bad()'],
    ['stdout', 'import random\nrandom._os.sys.stdout = None'],
  ])('%s', async (_, code) => {
    await attempt(code);
    const { check } = await client.check(
      inputs,
      `import math\nprint(len([1]), list(range(2)), math.sqrt(4))\n${rightCode}`,
      'brief',
    );
    expect(check.error).toBeNull();
    expect(check.output).toBe('1 [0, 1] 2.0\n');
    expect(check.rows.map(({ exact }) => exact)).toEqual([true, true]);
    expect((await client.check(inputs, 'extra', 'brief')).check.error?.type).toBe('NameError');
  });
});
