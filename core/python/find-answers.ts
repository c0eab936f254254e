import { distance } from 'fastest-levenshtein';
import { broadcastsTo } from '../tensor/broadcasting';
import type { Shape } from '../tensor/shape';
import { isSameValue } from './node-finder';
import type { Change, Comparing, Holding, Moment } from './recorder';
import type { TensorValues } from './tensor-table';

/** What the code gives for a node's gradient at one moment. */
export interface Answer extends Moment {
  readonly key: number;
  readonly node: string;
  /** Where it is written; null where it is only handed to `cmp`. */
  readonly place: string | null;
  readonly shape: Shape;
  /** In float32, as the code stands. */
  readonly values: TensorValues['values'];
  /** Its changes, in order; empty where it is only handed to `cmp`. */
  readonly changes: readonly Change[];
  /** How it was found, where not by its name: a sentence. */
  readonly note: string | null;
}

/** A comparison by the code, and the node that it is about. */
export interface NodeComparing extends Comparing {
  readonly nodeName: string;
}

export interface SearchedNode {
  readonly name: string;
  readonly shape: Shape;
  readonly value: ArrayLike<number>;
}

/** Answers of one node that are judged: beyond, as in a training loop, only the last ones count. */
const mostAnswers = 4;

/** A place that holds a node's gradient, and how that is known. */
interface Mapping {
  readonly place: string;
  readonly note: string | null;
}

/**
 * Finds which of all that the code computed are answers: by `cmp`, by the name `d<node>`, by the name of a forward value that the
 * code has computed under a name of its own, or by the nearest name. A draft that is assigned anew before anything reads or
 * compares it is no answer.
 */
export function findAnswers(
  holdings: readonly Holding[],
  comparings: readonly NodeComparing[],
  nodes: readonly SearchedNode[],
): readonly Answer[] {
  const mappings = mapPlaces(holdings, comparings, nodes);
  const nodeOfHolding = new Map<number, string>();
  for (const [node, places] of mappings) {
    for (const { id, place } of holdings)
      if (places.some((mapping) => mapping.place === place)) nodeOfHolding.set(id, node);
  }
  const answers: Omit<Answer, 'key'>[] = [];
  for (const { name } of nodes) {
    const own = comparings.filter(({ nodeName }) => nodeName === name);
    for (const mapping of mappings.get(name) ?? []) {
      answers.push(...answersAt(mapping, name, holdings, own, nodeOfHolding));
    }
    answers.push(...handedOver(name, own, holdings));
  }
  return answers.map((answer, key) => ({ ...answer, key }));
}

function answersAt(
  { place, note }: Mapping,
  node: string,
  holdings: readonly Holding[],
  comparings: readonly NodeComparing[],
  nodeOfHolding: ReadonlyMap<number, string>,
): readonly Omit<Answer, 'key'>[] {
  const isSecondName = (holding: Holding) =>
    holdings.some((other) => {
      return other.place !== place && nodeOfHolding.get(other.id) === node && isEarlierName(other, holding);
    });
  const own = holdings.filter((holding) => holding.place === place && !isSecondName(holding));
  const isRead = ({ id }: Holding) =>
    holdings.some((other) => {
      const reader = nodeOfHolding.get(other.id);
      return other.reads.has(id) && reader !== undefined && reader !== node;
    });
  const isCompared = ({ id }: Holding) => comparings.some(({ holding }) => holding === id);
  const live = own.filter((holding, index) => index === own.length - 1 || isRead(holding) || isCompared(holding));
  return live.slice(-mostAnswers).map(({ shape, values, changes }) => ({
    ...momentOf(changes),
    node,
    place,
    shape,
    values,
    changes,
    note,
  }));
}

/** Whether what one place holds was first another's, as it is: what a function returns is bound again by who called it. */
function isEarlierName(one: Holding, other: Holding): boolean {
  const isShared = one.reads.has(other.id) && other.reads.has(one.id);
  return one.id < other.id && isShared && one.values.every((value, at) => Object.is(value, other.values[at]));
}

function momentOf(changes: readonly Change[]): Moment {
  const { statement, hook, at } = changes[changes.length - 1];
  return { statement, hook, at };
}

/** What was handed to `cmp` at a moment when its place held something else than in the end, or that is at no place. */
function handedOver(
  node: string,
  comparings: readonly NodeComparing[],
  holdings: readonly Holding[],
): readonly Omit<Answer, 'key'>[] {
  const early = comparings.filter((comparing) => {
    const held = holdings.find(({ id }) => id === comparing.holding);
    return held === undefined || momentOf(held.changes).at > comparing.at;
  });
  return early.slice(-mostAnswers).map(({ statement, hook, at, shape, values }) => ({
    statement,
    hook,
    at,
    node,
    place: null,
    shape,
    values,
    changes: [],
    note: null,
  }));
}

/** The places of each node's gradient. */
function mapPlaces(
  holdings: readonly Holding[],
  comparings: readonly NodeComparing[],
  nodes: readonly SearchedNode[],
): ReadonlyMap<string, readonly Mapping[]> {
  const places = [...new Set(holdings.map(({ place }) => place))];
  const shapeOf = new Map(holdings.map(({ place, shape }) => [place, shape]));
  const mappings = new Map<string, Mapping[]>();
  const taken = new Set<string>();
  const add = (node: string, place: string, note: string | null) => {
    const present = mappings.get(node) ?? [];
    if (present.some((mapping) => mapping.place === place)) return;
    mappings.set(node, [...present, { place, note }]);
    taken.add(place);
  };
  for (const { nodeName, places: compared } of comparings) {
    const place = compared.find((candidate) => isNamedAfter(candidate, nodeName)) ?? compared[0];
    if (place === undefined) continue;
    const note = isNamedAfter(place, nodeName)
      ? null
      : `${place} is judged as the gradient of ${nodeName}: cmp says so.`;
    add(nodeName, place, note);
  }
  for (const { name } of nodes) {
    for (const place of places) if (!taken.has(place) && isNamedAfter(place, name)) add(name, place, null);
  }
  const unmapped = () => nodes.filter(({ name }) => !mappings.has(name));
  for (const node of unmapped()) {
    const own = ownForwardName(node, holdings, places);
    if (own === null || taken.has(own.place)) continue;
    add(
      node.name,
      own.place,
      `${own.place} is judged as the gradient of ${node.name}, whose value ${own.forward} has.`,
    );
  }
  for (const { name, shape } of unmapped()) {
    const fits = places.filter((place) => !taken.has(place) && broadcastsTo(shapeOf.get(place) ?? [], shape));
    const place = nearestName(name, fits);
    if (place !== null) add(name, place, `${place} is judged as the gradient of ${name}, by its name.`);
  }
  return mappings;
}

/** `dlogits`, `grads['logits']`, `grads.dlogits`: what is called after the node. */
function isNamedAfter(place: string, node: string): boolean {
  if (place === `d${node}`) return true;
  const last = lastPart(place);
  return last !== place && (last === node || last === `d${node}`);
}

/** `logits` of `grads['logits']` and of `grads.logits`. */
function lastPart(place: string): string {
  return /(?:\.|\[['"])(\w+)(?:['"]\])?$/.exec(place)?.[1] ?? place;
}

/** A gradient called after a name that the code has given to the node's value: `dh_pre` beside `h_pre = embcat @ W1 + b1`. */
function ownForwardName(
  { shape, value }: SearchedNode,
  holdings: readonly Holding[],
  places: readonly string[],
): { readonly place: string; readonly forward: string } | null {
  for (const holding of holdings) {
    const gradient = [`d${holding.place}`, `d_${holding.place}`, `grad_${holding.place}`].find((name) =>
      places.includes(name),
    );
    if (gradient === undefined || holding.shape.join() !== shape.join()) continue;
    if (isSameValue(value, holding.values)) return { place: gradient, forward: holding.place };
  }
  return null;
}

/** The place whose name is nearest to the node's, the only one that is so near; null where none is near enough. */
function nearestName(node: string, places: readonly string[]): string | null {
  const wanted = plain(node);
  const near = places
    .filter((place) => /^(d|grad)/i.test(lastPart(place)))
    .map((place) => ({ place, away: distance(plain(lastPart(place).replace(/^(grad_?|d_?)/i, '')), wanted) }))
    .filter(({ away }) => away <= Math.floor(wanted.length / 5))
    .toSorted((one, other) => one.away - other.away);
  const [nearest, second] = near;
  if (nearest === undefined || second?.away === nearest.away) return null;
  return nearest.place;
}

const plain = (name: string) => name.toLowerCase().replaceAll('_', '');
