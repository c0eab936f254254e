import { Point } from '../gradients/point';
import type { Kernels } from '../kernels/kernels';
import type { Arithmetic } from '../programs/settings';
import type { Arena } from '../tensor/arena';
import type { LabInputs } from './lab-inputs';

export interface PointsParts {
  readonly kernelsFor: (arithmetic: Arithmetic) => Kernels;
  readonly newArena: () => Arena;
}

/** Each planned walk keeps memory: a point that has planned so many is begun anew. */
const mostWalks = 400;

interface Kept {
  readonly key: string;
  readonly settings: string;
  readonly point: Point;
  readonly arena: Arena;
}

/** Points of a program for several batch sizes, kept from check to check. */
export class Points {
  readonly #parts: PointsParts;
  #kept: Kept[] = [];

  constructor(parts: PointsParts) {
    this.#parts = parts;
  }

  /** A random point, the same for the same seed, near the parameters of the step. */
  at(inputs: LabInputs, batchSize: number, seed: number): Point {
    const point = this.#pointFor(inputs, batchSize);
    point.placeAtRandom(seed, parametersOf(inputs));
    return point;
  }

  /** The step itself. */
  here(inputs: LabInputs): Point {
    const point = this.#pointFor(inputs, inputs.n);
    point.place({
      parameters: parametersOf(inputs),
      contexts: inputs.contexts,
      targets: inputs.targets,
    });
    return point;
  }

  #pointFor({ settings, vocabularySize, arithmetic }: LabInputs, batchSize: number): Point {
    const settingsKey = JSON.stringify([settings, vocabularySize]);
    const key = `${settingsKey} ${batchSize}`;
    const present = this.#kept.find((kept) => kept.key === key);
    if (present !== undefined && present.point.plannedWalks < mostWalks) return present.point;
    // Those of other settings are not come back to; one that is full is replaced.
    const isKept = (kept: Kept) => kept.key !== key && kept.settings === settingsKey;
    for (const kept of this.#kept) if (!isKept(kept)) kept.arena.reset();
    this.#kept = this.#kept.filter(isKept);
    const arena = this.#parts.newArena();
    const kernels = this.#parts.kernelsFor(arithmetic);
    const point = new Point({ kernels, newArena: () => arena, settings, vocabularySize, batchSize });
    this.#kept.push({ key, settings: settingsKey, point, arena });
    return point;
  }
}

/** In float64, by name. */
function parametersOf({ nodes, parameters }: LabInputs): ReadonlyMap<string, Float64Array> {
  return new Map(nodes.flatMap(({ name, doubleValue }) => (parameters.includes(name) ? [[name, doubleValue]] : [])));
}
