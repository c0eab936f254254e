/** A Python source, which Vite gives as text. */
declare module '*.py?raw' {
  const source: string;
  export default source;
}
