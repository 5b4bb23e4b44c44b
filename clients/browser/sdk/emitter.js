/** Events with typed content. Pure. */

/**
 * @template {Record<string, any>} Events
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(content: any) => void>>} */
  #listeners = new Map();

  /**
   * Call `listener` for every event of this name from now on.
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(content: Events[Name]) => void} listener
   * @returns {() => void} takes the listener away
   */
  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name]} content
   */
  emit(name, content) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(content);
  }
}
