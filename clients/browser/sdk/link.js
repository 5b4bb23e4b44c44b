/**
 * What a session needs of a connection. Two kinds: `websocket.js` and `whip.js`; tests bring a third.
 *
 * @typedef {import("../protocol.js").ClientMessage} ClientMessage
 * @typedef {import("../protocol.js").ServerMessage} ServerMessage
 * @typedef {import("./errors.js").SessionError} SessionError
 *
 * @typedef {object} Ears
 * @property {(message: ServerMessage) => void} message
 * @property {(cause: SessionError) => void} closed called once, when the connection has ended
 *
 * @typedef {object} Link
 * @property {"websocket" | "webrtc"} transport
 * @property {(message: ClientMessage) => void} send
 * @property {() => number} waitingBytes not yet handed to the network
 * @property {((track: MediaStreamTrack | null) => Promise<void>) | null} track say which video track
 *   is sent; null where images travel as messages
 * @property {() => void} close
 *
 * @typedef {(ears: Ears) => Promise<Link>} Opener
 */

export {};
