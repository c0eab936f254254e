/**
 * Turns a stream of wishes into at most one request at a time: while one is under way only the newest wish is kept, and
 * after each answer there is a pause. So a fast run asks as often as the engine answers and the eye reads, not more.
 * @param fulfil asks; must not reject.
 * @param pause milliseconds to rest after an answer, looked up each time; a wish while it is 0 ends a pause under way.
 */
export function createLatestWish<Wish>(
  fulfil: (wish: Wish) => Promise<void>,
  pause: () => number,
): (wish: Wish) => void {
  let newest: { readonly wish: Wish } | null = null;
  let working = false;
  let endPause = () => {};

  async function work(): Promise<void> {
    working = true;
    while (newest !== null) {
      const { wish } = newest;
      newest = null;
      await fulfil(wish);
      const milliseconds = pause();
      if (milliseconds > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          endPause = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
    working = false;
  }

  return (wish) => {
    newest = { wish };
    if (!working) void work();
    // Whoever has just come to rest need not wait out a pause of the run.
    else if (pause() === 0) endPause();
  };
}
