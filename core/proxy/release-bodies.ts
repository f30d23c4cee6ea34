import type { IncomingMessage } from '../ports.ts'
import type { OutgoingRequest } from '../upstreams/contract.ts'
import type { PreparedCall } from './prepare.ts'
import type { RequestScope } from './request-scope.ts'

const nothing = new Uint8Array()

/**
 * Lets go of a request once its answer has begun: no other key can take over from there on, and a stream may stay open
 * for minutes with hundreds of kilobytes that nobody looks at. Bodies that may be recorded or measured at the end stay.
 *
 * @param sent the attempt that is being answered
 */
export function releaseBodies(
	{ services, incoming, upstream, call, recording }: RequestScope,
	sent: OutgoingRequest,
): void {
	call.rebuild = refuseToRebuild
	if (call.mode === 'convert') call.request = { model: call.model, max_tokens: 0, messages: [] }
	if (recording) return
	if (call.mode === 'pass-through' && services.tokenRates.wants(upstream.id)) return
	giveBackBodies(incoming, call)
	incoming.body = nothing
	sent.body = undefined
	call.outgoing.body = undefined
}

/** For the end of a request, when nobody will look at its bodies any more. */
export function giveBackBodies(incoming: IncomingMessage, call: PreparedCall | undefined): void {
	incoming.giveBack?.(incoming.body)
	const sent = call?.outgoing.body
	if (sent instanceof Uint8Array) incoming.giveBack?.(sent)
}

function refuseToRebuild(): never {
	throw new Error('the request was let go when its answer began')
}
