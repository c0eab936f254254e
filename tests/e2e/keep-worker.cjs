/**
 * Loaded into the app's main process by a test that kills the session's thread (Electron's switch `-r FILE`, before the
 * app's folder). It keeps the newest Worker, which Node announces with its documented `worker` event, where the test's
 * `electronApp.evaluate` finds it: `globalThis.sessionWorker.terminate()`. So the app itself needs no back door.
 */
process.on('worker', (worker) => {
  globalThis.sessionWorker = worker;
});
