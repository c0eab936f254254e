import type { Worker } from 'node:worker_threads';
import type { LabCheck, LabService, TrainingGradients } from '../../core/python/lab-service';

/** Placeholder by L5 until L2's client stands here: overwrite it. */
export class LabClient implements LabService {
  constructor(_startWorker: () => Worker) {}
  start(): void {}
  async check(): Promise<LabCheck> {
    throw new Error('There is no Python yet.');
  }
  async gradients(): Promise<TrainingGradients> {
    throw new Error('There is no Python yet.');
  }
  stop(): void {}
  onState(): void {}
}
