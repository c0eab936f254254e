/**
 * What core uses beyond ECMAScript: the encoders of the WHATWG Encoding Standard, which browsers, Node and workers all
 * have. Declared here because core is compiled without the DOM's types and without Node's.
 */
interface TextDecoder {
  decode(bytes: Uint8Array, options?: { readonly stream: boolean }): string;
}
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: boolean; readonly ignoreBOM?: boolean },
) => TextDecoder;

interface TextEncoder {
  encode(text: string): Uint8Array;
}
declare const TextEncoder: new () => TextEncoder;
