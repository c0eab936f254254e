import { describe, expect, it } from 'vitest';
import { blame } from '../../../core/debugger/blame';
import { NotFoundError } from '../../../core/programs/network';
import { advanced, newSession } from '../sessions';

const session = advanced(newSession({ batchSize: 6, hiddenSize: 8 }), 2);
const { network } = session;
const shapeOf = (node: string) => network.node(node).shape;
const lastOf = (node: string) => shapeOf(node).map((size) => size - 1);

describe('paths', () => {
  const nodes = network.nodes.filter(({ kind }) => kind !== 'loss').map(({ name }) => name);

  it.each(nodes)('of %s add up to autograd gradient, bit for bit', (node) => {
    for (const index of [shapeOf(node).map(() => 0), lastOf(node)]) {
      const { paths, autograd } = session.blame(node, index);
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.reduce((sum, { contribution }) => Math.fround(sum + contribution), 0)).toBe(autograd);
    }
  });

  it('name where each comes from, however many ops are between', () => {
    const sources = (node: string) => session.blame(node, lastOf(node)).paths.map(({ from, op }) => `${op} ${from}`);
    expect(sources('bndiff')).toEqual(['multiply bnraw', 'power bndiff2']);
    expect(sources('hprebn')).toEqual(['subtract bndiff', 'sum bnmeani']);
    expect(sources('embcat')).toEqual(['linear hprebn']);
    expect(sources('logprobs')).toEqual(['index loss']);
  });

  it('follow the session from step to step', () => {
    const own = newSession({ batchSize: 6, hiddenSize: 8 });
    const before = own.blame('bndiff', [0, 0]).paths.map(({ contribution }) => contribution);
    const after = advanced(own, 1).blame('bndiff', [0, 0]);
    expect(after.paths.map(({ contribution }) => contribution)).not.toEqual(before);
    expect(after.paths.reduce((sum, { contribution }) => Math.fround(sum + contribution), 0)).toBe(after.autograd);
  });
});

describe('inputs', () => {
  const names = (node: string, index: number[]) =>
    session.blame(node, index).inputs.map(({ name, index: at }) => `${name}[${at.join(',')}]`);

  it('are the elements that the forward line reads', () => {
    expect(names('bnraw', [2, 3])).toEqual(['bndiff[2,3]', 'bnvar_inv[0,3]']);
    expect(names('hpreact', [2, 3])).toEqual(['bngain[0,3]', 'bnraw[2,3]', 'bnbias[0,3]']);
    expect(names('bnmeani', [0, 3])).toEqual([0, 1, 2, 3, 4, 5].map((row) => `hprebn[${row},3]`));
    expect(names('embcat', [2, 13])).toEqual(['emb[2,1,3]']);
    expect(names('C', [1, 1])).toEqual([]);
  });

  it('look up what indexing and maxima chose', () => {
    const token = network.contexts.values()[2 * 3 + 1]!;
    expect(names('emb', [2, 1, 4])).toEqual(['Xb[2,1]', `C[${token},4]`]);
    const [maximum] = session.blame('logit_maxes', [3, 0]).inputs;
    const columns = shapeOf('logits')[1]!;
    const row = network
      .node('logits')
      .tensor.values()
      .slice(3 * columns, 4 * columns);
    expect(maximum).toMatchObject({ name: 'logits', value: Math.max(...row) });
  });

  it('have their values, and are no more than can be read', () => {
    const { inputs } = session.blame('hprebn', [0, 0]);
    expect(inputs).toHaveLength(61);
    const sum = inputs.slice(0, 30).reduce((total, { value }, k) => total + value * inputs[30 + k]!.value, 0);
    expect(sum + inputs[60]!.value).toBeCloseTo(session.blame('hprebn', [0, 0]).value, 5);
    expect(newSession({ hiddenSize: 100 }).blame('logits', [0, 0]).inputs).toHaveLength(64);
  });
});

describe('the element', () => {
  const { labels } = session.data.dataset.vocabulary;
  const context = [0, 1, 2].map((place) => labels[network.contexts.values()[4 * 3 + place]!]).join('');

  it('belongs to a token, where it belongs to one', () => {
    const token = (node: string, index: number[]) => session.blame(node, index).token;
    expect(token('hprebn', [4, 2])).toBe(`${labels[network.targets.values()[4]!]} after ${context}, row 4`);
    expect(token('logits', [4, 5])).toBe(`${labels[5]} after ${context}, row 4`);
    expect(token('emb', [4, 1, 0])).toBe(`${context[1]}, place 2 of ${context}, row 4`);
    expect(token('C', [3, 0])).toBe(labels[3]);
    expect(token('b2', [3])).toBe(labels[3]);
    expect(token('W1', [0, 0])).toBeNull();
    expect(token('bnvar', [0, 0])).toBeNull();
  });

  it('has its own value, and the manual one where there is one of its shape', () => {
    const { vocabulary } = session.data.dataset;
    const manual = Float32Array.from({ length: 6 * 8 }, (_, position) => position);
    const told = blame({ network, vocabulary, node: 'h', index: [1, 2], manual });
    expect(told).toMatchObject({ manual: 10, value: network.node('h').tensor.values()[10] });
    expect(blame({ network, vocabulary, node: 'h', index: [1, 2], manual: null }).manual).toBeNull();
  });

  it('must exist', () => {
    expect(() => session.blame('h', [6, 0])).toThrow(/h has shape \(6, 8\): there is no \[6, 0\] in it/);
    expect(() => session.blame('h', [0])).toThrow(NotFoundError);
    expect(() => session.blame('nothing', [0])).toThrow(NotFoundError);
  });
});
