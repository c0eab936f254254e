/** The actions whose title holds every word of the query, whatever their case and order; all for an empty one. */
export function searchActions<Found extends { readonly title: string }>(
  actions: readonly Found[],
  query: string,
): readonly Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
}
