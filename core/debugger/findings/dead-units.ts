import { saturationThreshold } from '../../stats/diagnostics';
import type { Session } from '../session';

/** A Tanh layer's units, each with the looks in a row at which it was saturated for every example. */
interface LayerLooks {
  readonly node: string;
  readonly label: string;
  readonly units: readonly number[];
  readonly longest: number;
}

/** Follows which units stay saturated from look to look. Going elsewhere in time begins anew. */
export class DeadUnits {
  readonly #every: number;
  #lastStep = Number.NaN;
  #layers: LayerLooks[] = [];

  /** @param every steps between two looks. */
  constructor(every: number) {
    this.#every = every;
  }

  /** Looks at the present step, where one is due; else what the last look saw. */
  look({ step, network }: Session): readonly LayerLooks[] {
    if (step === this.#lastStep || step % this.#every !== 0) return this.#layers;
    const before = step === this.#lastStep + this.#every ? this.#layers : [];
    this.#lastStep = step;
    this.#layers = network.layers.map(({ node, label }, layer) => {
      const { tensor } = network.node(node);
      const [rows, columns] = tensor.shape;
      const outputs = tensor.values();
      const isSaturated = (unit: number) => {
        for (let row = 0; row < rows; row++) {
          if (!(Math.abs(outputs[row * columns + unit]) > saturationThreshold)) return false;
        }
        return true;
      };
      const units = Array.from({ length: columns }, (_, unit) =>
        isSaturated(unit) ? (before[layer]?.units[unit] ?? 0) + 1 : 0,
      );
      return { node, label, units, longest: Math.max(...units) };
    });
    return this.#layers;
  }
}
