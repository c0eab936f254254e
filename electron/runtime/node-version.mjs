// @ts-check
// No imports: this file must load on every Node, however old, to say that it is too old.

/** The oldest Node that the build tools run on (Vite 8). */
const MINIMUM = /** @type {const} */ ([20, 19]);

/**
 * @param {string} version as `process.versions.node`, for example `20.19.1`
 * @returns {string | null} what to tell the user, or null when the version will do
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) {
    return null;
  }
  return `Chainrule needs Node ${MINIMUM.join('.')} or newer; this is Node ${version}. Get a newer one from https://nodejs.org`;
}

/** Ends the process with that message when this Node is too old. */
export function requireNode() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== null) {
    console.error(problem);
    process.exit(1);
  }
}
