/** The two ipc messages there are; all else goes over the port. */

/** Page → main: "give me a port". */
export const connectChannel = 'connect';
/** Main → page: the port. */
export const portChannel = 'port';
