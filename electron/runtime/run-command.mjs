// @ts-check
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/**
 * Runs a command to its end without showing its output, unless it fails: then the error carries everything it printed.
 * A quiet success is what a person starting an app wants; a failure must not hide its cause.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<string>} what it printed, standard output and error together
 * @throws {Error} when it cannot be started or ends with another code than 0
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stop = () => child.kill();
    process.once('exit', stop);
    child.once('error', (error) => {
      process.removeListener('exit', stop);
      reject(new Error(`${command} cannot be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      process.removeListener('exit', stop);
      if (code === 0) {
        resolve(output);
      } else {
        const end = signal === null ? `code ${code}` : signal;
        reject(new Error(`\`${command} ${args.join(' ')}\` ended with ${end}. It printed:\n${output.trimEnd()}`));
      }
    });
  });
}

/**
 * Runs npm: the very npm that runs this script where there is one, so that its version and settings apply.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string }} options
 * @returns {Promise<string>}
 * @throws {Error} as {@link runCommand}
 */
export function runNpm(args, { cwd }) {
  // Under npx the variable names npx, under other package managers those.
  const npm = process.env.npm_execpath;
  if (npm !== undefined && basename(npm) === 'npm-cli.js') {
    return runCommand(process.execPath, [npm, ...args], { cwd });
  }
  // On Windows npm is a script of the shell's own.
  return runCommand('npm', args, { cwd, shell: process.platform === 'win32' });
}
