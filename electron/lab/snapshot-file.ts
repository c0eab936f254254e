/** Where the build leaves the snapshot from which interpreters begin, in `out/python`. */
export const snapshotFile = 'python.snapshot';
