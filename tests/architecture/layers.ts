import { dirname, posix } from 'node:path';

/**
 * Who may import whom, from DESIGN's list. `values` are folders whose code may be imported; from `types`, only types
 * (`import type`), which leave nothing behind in the build.
 */
interface Rule {
  readonly values: readonly string[];
  readonly types?: readonly string[];
}

/** The engine's folders, lowest layer first: each may import its own layer and those below it. */
const LAYERS = [
  ['tensor', 'kernels'],
  ['ops'],
  ['autograd'],
  ['nn', 'data'],
  ['programs', 'stats'],
  ['gradients', 'python'],
  ['debugger'],
] as const;

const core = (names: readonly string[]) => names.map((name) => `core/${name}`);

/** By folder: the longest one that a file is under has the say. Every folder may import itself. */
const RULES: Readonly<Record<string, Rule>> = {
  ...layerRules(),
  // protocol is plain data: it names the other layers' types, and shares one table of constants with programs.
  'core/protocol': { values: ['core/programs/settings'], types: ['core'] },
  'core/formats': { values: core(['tensor']) },
  electron: { values: ['core'] },
  renderer: { values: ['core/protocol'] },
};

function layerRules(): Record<string, Rule> {
  const rules: Record<string, Rule> = {};
  let reachable: readonly string[] = ['core/protocol'];
  for (const layer of LAYERS) {
    reachable = [...reachable, ...core(layer)];
    for (const folder of core(layer)) {
      rules[folder] = { values: reachable };
    }
  }
  // The top layer also writes the files that a user asks for.
  rules['core/debugger'] = { values: [...reachable, 'core/formats'] };
  return rules;
}

/** Which packages a part of the app may use; core may use none but the one that validates commands and the one that says how far words are apart. */
const PACKAGES: Readonly<Record<string, (name: string) => boolean>> = {
  core: (name) => name === 'valibot' || name === 'fastest-levenshtein',
  electron: (name) => !/^(react|react-dom|recharts|zustand)(\/|$)/.test(name),
  renderer: (name) => !/^(node:|electron(\/|$))/.test(name),
};

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Finds what a source file imports: `import`, `export … from`, and `import()` with a literal name. */
export function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({ specifier: specifier ?? '', typeOnly: type !== undefined })),
    ...[...calls].map(([, specifier]) => ({ specifier: specifier ?? '', typeOnly: false })),
  ];
}

/**
 * Checks one file against the rules.
 *
 * @param file relative to the root, with forward slashes
 * @returns one line for each import that is not allowed
 */
export function violations(file: string, source: string): string[] {
  const rule = ruleFor(file);
  if (rule === undefined) {
    return [`${file}: no rule says what this folder may import; add one to tests/architecture/layers.ts`];
  }
  return importsOf(source)
    .filter((found) => !isAllowed(file, rule, found))
    .map(({ specifier, typeOnly }) => `${file} may not import ${typeOnly ? 'types of ' : ''}${specifier}`);
}

function ruleFor(file: string): (Rule & { readonly folder: string }) | undefined {
  const folder = Object.keys(RULES)
    .filter((candidate) => isUnder(file, candidate))
    .sort((a, b) => b.length - a.length)[0];
  const rule = folder === undefined ? undefined : RULES[folder];
  return rule === undefined || folder === undefined ? undefined : { ...rule, folder };
}

function isAllowed(file: string, rule: Rule & { readonly folder: string }, { specifier, typeOnly }: Import): boolean {
  if (!specifier.startsWith('.')) {
    const part = file.split('/')[0] ?? '';
    return PACKAGES[part]?.(specifier) ?? false;
  }
  const target = posix.join(dirname(file), specifier);
  const allowed = [rule.folder, ...rule.values, ...(typeOnly ? (rule.types ?? []) : [])];
  return allowed.some((folder) => isUnder(target, folder));
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
