/**
 * What a session shows and takes; types only.
 *
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 *
 * @typedef {object} State
 * @property {"connecting" | "open" | "waiting" | "ended"} phase
 * @property {import("./link.js").Link["transport"] | null} transport while open
 * @property {number | null} retryAtMs when the next attempt begins, by `performance.now()`; while waiting
 * @property {string} text why, in words; empty while all is well
 *
 * @typedef {{[Type in ServerMessage["type"]]: Extract<ServerMessage, {type: Type}>} & {
 *   message: ServerMessage, state: State, fault: import("./errors.js").SessionError,
 *   sent: import("../protocol.js").Pose | import("../protocol.js").Image}} SessionEvents every message by
 *   its type, and all by `message`; `fault`: what ended the session; `sent`: a frame was sent
 *
 * @typedef {object} SessionOptions
 * @property {"motion" | "video"} [kind] what the session is about; default motion
 * @property {string} [token] secret of a server that wants one
 * @property {string} [client] name and version for the server's log
 * @property {number} [giveUpS] how long a lost connection is tried again; default for ever
 */

export {};
