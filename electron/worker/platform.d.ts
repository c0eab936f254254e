/** What Node has and its type package leaves to the DOM's: the memory that SIMD kernels will work in. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: {
    readonly initial: number;
  }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
};
