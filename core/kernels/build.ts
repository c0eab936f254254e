/**
 * Which implementation computes: the plain loops in TypeScript, the compiled kernels with the same bits on every machine,
 * or the compiled kernels with fused multiply-add where the machine has it.
 */
export type KernelBuild = 'reference' | 'plain' | 'relaxed';

/** What computes a session; part of its record. */
export interface KernelDescription {
  readonly build: KernelBuild;
  readonly threads: number;
}
