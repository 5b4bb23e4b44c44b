/** Files of examples, as far as this page needs to know them: the server reads the rest. Pure. */

/**
 * What was shown, by name, and how often.
 * @param {string} content
 * @param {string} file its name, for errors
 * @returns {Map<string, number>}
 * @throws {Error} for a file that holds no examples
 */
export function namesOf(content, file) {
  const held = parsed(content);
  if (held?.kind === "liveground examples" && Array.isArray(held.examples)) {
    return new Map(held.examples.map((/** @type {any} */ { name, vectors }) => [String(name), vectors?.length ?? 0]));
  }
  throw new Error(`${file} holds no examples: expected what "Save examples" or \`liveground teach\` wrote.`);
}

/**
 * @param {string} content
 * @returns {any} null for what is no JSON
 */
function parsed(content) {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

/**
 * Names whose words say nothing: what they stand for was only shown.
 * @param {string} content of a file of examples, or empty
 * @returns {Set<string>}
 */
export function wordless(content) {
  const shown = parsed(content)?.examples ?? [];
  return new Set(shown.filter((/** @type {any} */ { words }) => words === false).map((/** @type {any} */ { name }) => name));
}
