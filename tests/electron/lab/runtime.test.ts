import { expect, test } from 'vitest';
import { pythonModules } from '../../../core/python/modules';
import { loadPythonRuntime } from '../../../electron/lab/pyodide-runtime';

test('runs', async () => {
  const runtime = await loadPythonRuntime({ modules: pythonModules, engine: () => 0 });
  expect(JSON.parse(runtime.call('run', JSON.stringify({ code: '1' })))).toMatchObject({ error: null });
});
