/** What can go wrong in a session: each error has a code, as in docs/protocol.md, section Errors. */

/** @typedef {import("../protocol.js").ErrorMessage} ErrorMessage */

/** Codes after which connecting again may help; as in `clients/python/conversation.py`. */
const WORTH_A_RETRY = new Set(["connection", "internal", "limit", "slow_client", "timeout"]);

/** The session, a question or a frame was refused, or there is no connection. */
export class SessionError extends Error {
  name = "SessionError";

  /**
   * @param {string} code `connection`, or one of the server's
   * @param {string} text
   */
  constructor(code, text) {
    super(text);
    this.code = code;
  }

  /** @param {ErrorMessage} message */
  static fromWire(message) {
    return new SessionError(message.code, message.text);
  }

  /** Whether connecting again may help. */
  get worthARetry() {
    return WORTH_A_RETRY.has(this.code);
  }
}

/** This way of transport cannot work here; another one may. */
export class TransportError extends SessionError {
  name = "TransportError";

  /** @param {string} text */
  constructor(text) {
    super("transport", text);
  }
}

/**
 * @param {unknown} fault
 * @returns {SessionError}
 */
export function asSessionError(fault) {
  if (fault instanceof SessionError) return fault;
  return new SessionError("internal", fault instanceof Error ? fault.message : String(fault));
}
