/** Run by the build: leaves the snapshot from which interpreters begin. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonModules } from '../../core/python/modules';
import { makeSnapshot } from './pyodide-runtime';
import { nodeScripts, readPyodide } from './pyodide-scripts';
import { snapshotFile } from './snapshot-file';

await writeFile(
  join(import.meta.dirname, '../python', snapshotFile),
  await makeSnapshot(nodeScripts(await readPyodide()), pythonModules),
);
