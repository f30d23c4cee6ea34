/** https://www.w3.org/TR/trace-context/#traceparent-header */
const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/

/** The trace that a client says its request belongs to. */
export function readTraceId(traceparent: string | undefined): string | undefined {
	return traceparent === undefined ? undefined : format.exec(traceparent.trim())?.[1]
}
