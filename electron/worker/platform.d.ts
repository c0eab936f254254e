/** What Node has and its type package leaves to the DOM's: the memory that SIMD kernels work in, and Python's. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => WebAssemblyMemory;
  instantiate(
    bytes: ArrayBuffer,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: { readonly memory: WebAssemblyMemory } } }>;
};
