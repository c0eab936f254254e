/**
 * Where a key moves in a list of `length`, of which `current` (-1: none) is chosen: arrows by one, Page keys by ten,
 * Home and End to the ends. Null where the key does not move.
 */
export function moveInList(key: string, current: number, length: number): number | null {
  if (length === 0) return null;
  const clamp = (index: number) => Math.min(Math.max(index, 0), length - 1);
  switch (key) {
    case 'ArrowDown':
      return clamp(current + 1);
    case 'ArrowUp':
      return clamp(current - 1);
    case 'PageDown':
      return clamp(current + 10);
    case 'PageUp':
      return clamp(current - 10);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}
