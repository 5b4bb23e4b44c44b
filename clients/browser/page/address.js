/** Where the server is, and what the page's own address asks for after its `#`: nothing of it is sent. */

/** The server that served this page. */
export const STREAM = new URL("../../v1/stream", location.href).href.replace(/^http/, "ws");

const fragment = new URLSearchParams(location.hash.slice(1));

/** `#source=performer&token=...&transport=websocket` */
export const ASKED = {
  source: fragment.get("source") ?? "",
  token: fragment.get("token") ?? undefined,
  /** @type {"websocket" | undefined} */
  transport: fragment.get("transport") === "websocket" ? "websocket" : undefined,
};
