import { expect, test } from 'vitest';
import { actions } from '../../../core/protocol/actions';
import { searchActions } from '../../../renderer/panels/palette/search-actions';

const titles = (query: string) => searchActions(actions, query).map(({ title }) => title);

test('finds by every word, whatever case and order', () => {
  expect(titles('')).toHaveLength(actions.length);
  expect(titles('GRAD show')).toEqual(['Show gradient diff', 'Show gradients']);
  expect(titles('names')).toEqual(['Open names…', 'Use built-in names']);
  expect(titles('no such thing')).toEqual([]);
});
