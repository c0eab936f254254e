/** A set of sources, as a number: the same set is always the same number, and 0 is the empty one. */
export type SourceSet = number;

/**
 * Sets of names, each kept once. What a tensor was computed from is such a set; an engine call joins those of what it reads,
 * which is the same few joins over and over: a join that was made before costs one look-up.
 */
export class SourceSets {
  readonly #members: ReadonlySet<string>[] = [new Set()];
  readonly #numbers = new Map<string, SourceSet>([['', 0]]);
  readonly #joins = new Map<number, SourceSet>();

  /** The set of one source. */
  of(source: string): SourceSet {
    return this.#numberOf(new Set([source]));
  }

  join(one: SourceSet, other: SourceSet): SourceSet {
    if (one === other || other === 0) return one;
    if (one === 0) return other;
    const key = one < other ? one * mostSets + other : other * mostSets + one;
    let joined = this.#joins.get(key);
    if (joined === undefined) {
      joined = this.#numberOf(new Set([...this.members(one), ...this.members(other)]));
      this.#joins.set(key, joined);
    }
    return joined;
  }

  members(set: SourceSet): ReadonlySet<string> {
    return this.#members[set] ?? new Set();
  }

  /** Forgets every set: numbers given before mean nothing any more. */
  clear(): void {
    this.#members.length = 1;
    this.#numbers.clear();
    this.#numbers.set('', 0);
    this.#joins.clear();
  }

  #numberOf(members: ReadonlySet<string>): SourceSet {
    const key = [...members].toSorted().join('\n');
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#members.push(members) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

/** So that two numbers of sets make one key without loss. */
const mostSets = 2 ** 26;
