import { describe, expect, it } from 'vitest';
import { builtInNames } from '../../../electron/worker/built-in-names';

describe('builtInNames', () => {
  const names = builtInNames();

  it('has 8,403 names', () => {
    expect(names).toHaveLength(8403);
  });

  it('has only a–z in them', () => {
    expect(names.filter((name) => !/^[a-z]+$/.test(name))).toEqual([]);
  });

  it('has each once, by code point', () => {
    const strictlyRising = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);
    expect(strictlyRising).toBe(true);
  });

  it('has names of both lists and leaves hyphenated ones out', () => {
    expect(names).toEqual(expect.arrayContaining(['emma', 'olivia', 'liam', 'noah']));
    // "Helen-Elizabeth" and "Sheila-Kathryn" are in the packages' lists.
    expect(names).not.toContain('helenelizabeth');
    expect(names).not.toContain('sheilakathryn');
  });
});
