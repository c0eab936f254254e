/** Main → Python's page, by ipc: the port that everything else goes over. */
export const labPortChannel = 'lab port';
