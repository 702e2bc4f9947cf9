/**
 * What every AWS client here is made with. Two attempts of two seconds fit into the five a function has, so that a
 * service that hangs becomes an UpstreamUnavailable and not a killed function. Connections are kept alive, the SDK's
 * default. The endpoint and the region come from the environment.
 */
export const clientSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};
