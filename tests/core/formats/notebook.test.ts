import { describe, expect, it } from 'vitest';
import { NotebookError, readNotebook } from '../../../core/formats/notebook';

const notebook = (cells: unknown, more: object = {}) =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, cells, ...more });
const code = (source: unknown, more: object = {}) => ({ cell_type: 'code', source, ...more });

describe('readNotebook', () => {
  it.each([
    ['a list of lines', ['a = 1\n', 'b = 2'], 'a = 1\nb = 2'],
    ['one text', 'a = 1\nb = 2', 'a = 1\nb = 2'],
    ['lines that end as on Windows', ['a = 1\r\n', 'b = 2\r'], 'a = 1\nb = 2\n'],
    ['nothing', [], ''],
    ['no source at all', undefined, ''],
  ])('reads a cell whose source is %s', (_, source, text) => {
    expect(readNotebook(notebook([code(source)]))).toEqual([{ cell: 1, source: text }]);
  });

  it('counts all cells, and leaves out those that hold no code', () => {
    const cells = [{ cell_type: 'markdown', source: '# A' }, code('a'), { cell_type: 'raw', source: 'x' }, code('b')];
    expect(readNotebook(notebook(cells)).map(({ cell }) => cell)).toEqual([2, 4]);
  });

  it('passes over what it does not know, and over a byte order mark', () => {
    const more = {
      outputs: [{ data: { 'image/png': 'x' } }],
      id: 'f00',
      execution_count: null,
      metadata: { tags: [1] },
    };
    const text = `\uFEFF${notebook([code('a', more)], { metadata: { kernelspec: { name: 'x' } }, anything: 1 })}`;
    expect(readNotebook(text)).toEqual([{ cell: 1, source: 'a' }]);
  });

  it.each([
    ['is not JSON', 'dlogits = 1', /^is not a notebook: it is not JSON \(.*\)\. Open a file that Jupyter saved\.$/],
    ['is cut off', notebook([code('a')]).slice(0, -3), /it is not JSON/],
    ['is other JSON', '[1, 2]', /^is not a notebook: it has no "nbformat"/],
    [
      'is of format 3',
      JSON.stringify({ nbformat: 3, worksheets: [] }),
      /of format 3; format 4 can be read\. Convert it/,
    ],
    ['is of format 5', JSON.stringify({ nbformat: 5, cells: [] }), /of format 5, newer than format 4.*\.py file\.$/],
    ['has no cells', JSON.stringify({ nbformat: 4 }), /^is damaged: it has no list of "cells"\. Save it again/],
    ['has a cell that is no object', notebook([code('a'), 3]), /^is damaged: cell 2 is no object\./],
    ['has a source that is no text', notebook([code(7)]), /^is damaged: the "source" of cell 1 cannot be read\./],
    ['has a line that is no text', notebook([code('a'), code(['a', 1])]), /the "source" of cell 2 cannot be read/],
    ['has no code', notebook([{ cell_type: 'markdown', source: 'Hello' }]), /^has no code cells: there is nothing to/],
    ['has no cell at all', notebook([]), /^has no code cells/],
  ])('refuses a file that %s', (_, text, message) => {
    const read = () => readNotebook(text);
    expect(read).toThrow(NotebookError);
    expect(read).toThrow(message);
  });
});
