/** What Node has and its type package leaves to the DOM's: the memory and the modules of the kernels, and Python's. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
/** Compiled code; may be posted to another thread. */
interface WebAssemblyModule {
  readonly [Symbol.toStringTag]: 'WebAssembly.Module';
}
interface WebAssemblyInstance {
  readonly exports: object;
}
declare const WebAssembly: {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => WebAssemblyMemory;
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (module: WebAssemblyModule, imports: object) => WebAssemblyInstance;
  validate(bytes: Uint8Array): boolean;
  instantiate(
    bytes: ArrayBuffer,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: { readonly memory: WebAssemblyMemory } } }>;
};
