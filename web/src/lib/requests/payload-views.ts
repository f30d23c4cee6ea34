import type { Payload, PayloadName } from './types.ts'

export type PayloadViewName = 'pretty' | 'raw' | 'curl' | 'events'

/** How a body can be shown, the best first. */
export function listViews(name: PayloadName, payload: Payload, body: unknown): PayloadViewName[] {
	const views: PayloadViewName[] = []
	if (body !== undefined) views.push('pretty')
	if (payload.events !== undefined && payload.events.length > 0) views.push('events')
	views.push('raw')
	// What goes to the upstream is what can be tried without the proxy.
	if (name === 'upstreamRequest') views.push('curl')
	return views
}

/** The body as text: of a stream its events, one behind the other. */
export function readText({ text, events }: Payload): string {
	return text ?? events?.map(event => event.text).join('\n\n') ?? ''
}
