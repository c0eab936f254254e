/** What ECMAScript itself defines: of all else a thread's globals are cleared. */
const languageGlobals = new Set([
  ...['globalThis', 'undefined', 'NaN', 'Infinity', 'Object', 'Boolean', 'Symbol', 'Number', 'BigInt', 'Math', 'Date'],
  ...['String', 'RegExp', 'Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Iterator'],
  ...['ArrayBuffer', 'SharedArrayBuffer', 'Atomics', 'DataView', 'JSON', 'Promise', 'Proxy', 'Reflect', 'Intl'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'AsyncIterator'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
  ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'],
  ...['isFinite', 'isNaN', 'parseFloat', 'parseInt'],
]);

/**
 * Makes this thread's JavaScript powerless, so that whoever gets hold of one of its objects from Python has nothing: no
 * global of Node's or the browser's is left, and no text can be made code. For a thread of its own, once everything is loaded: what is
 * to be used later must have been taken from the globals before.
 */
export function sealRealm(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!languageGlobals.has(name)) Reflect.deleteProperty(globalThis, name);
  }
  // In a browser's worker most of what it can do is inherited: fetch, importScripts, postMessage.
  let inherited: object | null = Object.getPrototypeOf(globalThis);
  while (inherited !== null && inherited !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(inherited)) Reflect.deleteProperty(inherited, name);
    inherited = Object.getPrototypeOf(inherited);
  }
  // Called by V8 with the frames of every error, the calling code's among them.
  Object.defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const kind of kinds) {
    const prototype: object = Object.getPrototypeOf(kind);
    Object.defineProperty(prototype, 'constructor', { value: inertFunction, writable: false, configurable: false });
  }
  // `instanceof Function` and a call of eval stay what they are to say: no, and not here.
  inertFunction.prototype = Object.getPrototypeOf(() => {});
  for (const name of ['Function', 'eval']) {
    Object.defineProperty(globalThis, name, { value: inertFunction, writable: false, configurable: false });
  }
}

function inertFunction(): never {
  throw new TypeError('Text cannot be made code in this thread.');
}
