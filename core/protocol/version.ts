/** Version of commands, events and frames together; both sides are built from one source, files are not. */
export const protocolVersion = 1;
