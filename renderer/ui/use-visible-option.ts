import { type RefObject, useEffect, useRef } from 'react';

/** A ref for a list that scrolls the chosen option into sight whenever another one is chosen. */
export function useVisibleOption<List extends HTMLElement>(chosen: string | number | null): RefObject<List | null> {
  const list = useRef<List>(null);
  useEffect(() => {
    if (chosen === null) return;
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return list;
}
