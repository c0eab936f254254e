import { type RefObject, useEffect } from 'react';

/**
 * Scrolls what matches `selector` in a list into sight on every new `occasion`: when another row is chosen, say. Until
 * the next one the list stays where a person scrolls it.
 *
 * The list alone is scrolled: `scrollIntoView` would scroll the whole window as well, which nobody could scroll back, and
 * would make the list the place where the first Tab begins.
 * @param occasion null where there is nothing to show.
 * @param block where in the list it comes to stand; `nearest` moves no more than is needed.
 */
export function useInSight(
  list: RefObject<HTMLElement | null>,
  selector: string,
  occasion: string | number | null,
  block: 'nearest' | 'center' = 'nearest',
): void {
  useEffect(() => {
    const row = occasion === null ? null : (list.current?.querySelector(selector) ?? null);
    const box = row === null ? null : scrollerOf(row);
    if (row !== null && box !== null) box.scrollTop += distanceTo(row, box, block);
  }, [list, selector, occasion, block]);
}

function scrollerOf(row: Element): Element | null {
  const box = row.parentElement;
  return box === null || /auto|scroll/.test(getComputedStyle(box).overflowY) ? box : scrollerOf(box);
}

/** How far to scroll, in CSS pixels; downwards is positive. A sticky head covers the row's `scroll-margin-top`. */
function distanceTo(row: Element, box: Element, block: 'nearest' | 'center'): number {
  const { top, bottom, height } = row.getBoundingClientRect();
  const first = box.getBoundingClientRect().top + box.clientTop;
  const last = first + box.clientHeight;
  if (block === 'center') return top + height / 2 - (first + last) / 2;
  const above = top - Number.parseFloat(getComputedStyle(row).scrollMarginTop) - first;
  return above < 0 ? above : Math.max(0, bottom - last);
}
