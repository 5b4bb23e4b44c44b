/** How long to wait before connecting again, as in `clients/python/conversation.py`. Pure. */

export const FIRST_DELAY_S = 0.25;
export const LONGEST_DELAY_S = 8;

/**
 * Growing delays, scattered so that a server's clients do not come back all at once.
 * @param {() => number} random 0..1
 * @returns {Generator<number, never>}
 */
export function* delaysS(random = Math.random) {
  for (let delayS = FIRST_DELAY_S; ; delayS = Math.min(2 * delayS, LONGEST_DELAY_S)) {
    yield delayS * (0.5 + 0.5 * random());
  }
}
