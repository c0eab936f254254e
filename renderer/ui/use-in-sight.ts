import { type RefObject, useEffect } from 'react';

/**
 * Scrolls what matches `selector` in a list into sight on every new `occasion`: when another row is chosen, say. Until
 * the next one the list stays where a person scrolls it.
 * @param occasion null where there is nothing to show.
 * @param block where in the list it comes to stand; `nearest` moves no more than is needed.
 */
export function useInSight(
  list: RefObject<HTMLElement | null>,
  selector: string,
  occasion: string | number | null,
  block: ScrollLogicalPosition = 'nearest',
): void {
  useEffect(() => {
    if (occasion === null) return;
    list.current?.querySelector(selector)?.scrollIntoView({ block });
  }, [list, selector, occasion, block]);
}
