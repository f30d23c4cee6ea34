/** The admin is a static app: what it shows comes from the proxy's HTTP API. */
export const ssr = false
