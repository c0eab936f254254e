import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, violations } from './layers';

const root = resolve(import.meta.dirname, '../..');

function sourceFiles(): string[] {
  return ['core', 'electron', 'renderer'].flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.(ts|tsx|mjs)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  );
}

describe('imports', () => {
  test('every source file imports only what its layer may', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  test.each([
    ['core/tensor/a.ts', "import { x } from '../graph/tape';"],
    ['core/tensor/a.ts', "export * from '../graph/tape';"],
    ['core/graph/a.ts', "import { x } from '../nn/linear';"],
    ['core/nn/a.ts', "import type { Program } from '../programs/program';"],
    ['core/stats/a.ts', "import { compare } from '../gradients/compare';"],
    ['core/gradients/a.ts', "import { Session } from '../debugger/session';"],
    ['core/formats/a.ts', "import { Tape } from '../graph/tape';"],
    ['core/protocol/a.ts', "import { verdicts } from '../gradients/verdicts';"],
    ['core/data/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['core/data/a.ts', "const fs = await import('node:fs');"],
    ['core/data/a.ts', "import { ipcMain } from 'electron';"],
    ['core/debugger/a.ts', "import { useState } from 'react';"],
    ['core/debugger/a.ts', "import { main } from '../../electron/main/main';"],
    ['core/unheard-of/a.ts', 'export const x = 1;'],
    ['electron/main/a.ts', "import { App } from '../../renderer/app/app';"],
    ['electron/main/a.ts', "import 'react';"],
    ['renderer/app/a.tsx', "import { Tensor } from '../../core/tensor/tensor';"],
    ['renderer/app/a.tsx', "import type { Tensor } from '../../core/tensor/tensor';"],
    ['renderer/app/a.tsx', "import {\n  readFile,\n} from 'node:fs';"],
    ['renderer/app/a.tsx', "import { x } from '../../electron/main/main';"],
  ])('%s is refused %s', (file, source) => {
    expect(violations(file, source)).toHaveLength(1);
  });

  test.each([
    ['core/graph/a.ts', "import { Tensor } from '../tensor/tensor';"],
    ['core/protocol/a.ts', "import type { Verdict } from '../gradients/verdict';"],
    ['core/protocol/a.ts', "import { LIMITS } from '../programs/settings';"],
    ['core/debugger/a.ts', "import { packFrame } from '../protocol/frame';"],
    ['core/tensor/a.ts', "import { x } from './shape'; // import { y } from '../nn/linear';"],
    ['core/tensor/a.ts', "/** import { y } from '../nn/linear'; */"],
    ['electron/main/a.ts', "import { app } from 'electron';\nimport { x } from '../../core/debugger/session';"],
    ['renderer/app/a.tsx', "import { useState } from 'react';\nimport { x } from '../../core/protocol/frame';"],
  ])('%s is allowed %s', (file, source) => {
    expect(violations(file, source)).toEqual([]);
  });

  test('finds imports of every form', () => {
    const source =
      "import a from 'a';\nimport type { B } from 'b';\nimport 'c';\nexport { d } from 'd';\nimport('e');\nimport {\n  f,\n  type G,\n} from 'f';";
    expect(importsOf(source)).toEqual([
      { specifier: 'a', typeOnly: false },
      { specifier: 'b', typeOnly: true },
      { specifier: 'c', typeOnly: false },
      { specifier: 'd', typeOnly: false },
      { specifier: 'f', typeOnly: false },
      { specifier: 'e', typeOnly: false },
    ]);
  });
});
