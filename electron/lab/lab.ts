/** The entry of Python's own process: connects a `LabServer` to the parent and holds no logic of its own. */
import { confineProcess } from './confine-process';
import { Deadline } from './interrupts';
import type { LabMessage, LabProcessFiles, LabProcessRequest } from './lab-messages';
import type { LabServer } from './lab-server';
import { nodeScripts } from './pyodide-scripts';
import { pythonEngine } from './python-engine';
import { snapshotFile } from './snapshot-file';
import { startLab } from './start-lab';
import { watchedCalls } from './watched-call';

if (process.send === undefined) throw new Error('lab.js is the entry of a forked process; it cannot be run by itself.');
confineProcess();
/** How long after its time a task ends with the process, whatever it is at. */
const orphanMilliseconds = 5000;
// Taken now: once the lab has started, no global is left.
const sendToParent = process.send.bind(process);
const exit = process.exit.bind(process);
const send = (message: LabMessage) => void sendToParent(message);
const deadline = new Deadline(performance.now.bind(performance));
// The parent ends this process long before, unless it was itself ended: then nobody else would.
const around = watchedCalls(() => deadline.left + orphanMilliseconds, exit);
let server: LabServer | null = null;

// A terminal sends Ctrl-C to every process; what becomes of this one is for the parent to say.
process.on('SIGINT', () => {});
process.on('disconnect', () => exit());
process.on('message', (request: LabProcessRequest) => {
  switch (request.kind) {
    case 'start':
      void start(request.files);
      return;
    case 'task':
      deadline.begin(request.limitMilliseconds);
      void server?.receive(request.task);
      return;
    default:
      request satisfies never;
  }
});

async function start(files: LabProcessFiles): Promise<void> {
  try {
    server = await startLab({
      createEngine: (limitMemory) => pythonEngine(files, limitMemory),
      loadScripts: nodeScripts(files),
      // A copy: what is received shares its memory with the rest of the message.
      readSnapshot: async () => new Uint8Array(files[snapshotFile]),
      interrupts: deadline,
      send,
      around,
    });
    send({ kind: 'ready' });
  } catch (error) {
    send({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
