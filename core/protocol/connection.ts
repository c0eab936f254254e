/**
 * How a page gets its port. It calls `window.chainrule.connect()` (exposed by the preload); main checks who asks and
 * sends a fresh MessagePort, which the preload hands on to the page as a `message` event with this text as its data.
 * Over the port travel `ClientMessage` (page → main) and `ServerMessage` (main → page).
 */
export const portMessage = 'chainrule-port';

/** What the preload exposes as `window.chainrule`. */
export interface PreloadBridge {
  /** Asks for a port. An earlier one of this page is closed. */
  connect(): void;
}
