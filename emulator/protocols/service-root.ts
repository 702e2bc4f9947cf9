const serviceRoot = /^\/(?:\d{12}\/[\w.-]+\/?)?$/;

/** Whether AWS's JSON and query protocols can mean this path: services are called at the root, a queue also at its own path. */
export const isServiceRoot = (path: string): boolean => serviceRoot.test(path);
