import type { JsonObject, RecordedRequest, ScriptedAnswer, StatusFault } from './script.ts'

/** An answer in the vendor's dialect, both ways: the server sends the one that the request asked for. */
export interface Rendered {
	json: unknown
	frames: readonly string[]
}

/** What a vendor makes of a request that its rules let pass. */
export interface Accepted {
	/** `message` takes replies from the script; the others answer by themselves unless `scriptRoute` says otherwise. */
	route: 'message' | 'countTokens' | 'models'
	stream: boolean
	streamType: string
	/** Text of the last user turn, for the answer nobody scripted. */
	lastUserText: string
	render(answer: ScriptedAnswer): Rendered
	/** The event by which the vendor reports an error inside a 200 stream. */
	errorFrame(body: JsonObject | undefined, first: boolean): string
}

/** The vendor's own answers to the usual troubles. */
export interface VendorFaults {
	invalidKey: StatusFault
	rateLimit: StatusFault
	quota: StatusFault
	overloaded: StatusFault
	serverError: StatusFault
}

/** What differs between the vendors. */
export interface Vendor {
	readKey(request: RecordedRequest): string | undefined
	/** The vendor's answer to a missing or unknown key. */
	refuseKey(request: RecordedRequest): Refusal
	/** Checks path, model and body as strictly as the vendor, and says how to answer. Throws a Refusal. */
	accept(request: RecordedRequest): Accepted
	/** What is sent on the routes that take no script. */
	answerDirectly(request: RecordedRequest, accepted: Accepted): StatusFault
	/** Headers of every answer. */
	headers(): Record<string, string>
	/** Whether the vendor's streams end lines with CRLF. */
	crlf: boolean
	faults: VendorFaults
}

/** Thrown by a vendor's rules; the server answers with it and records it. */
export class Refusal extends Error {
	readonly answer: StatusFault

	constructor(answer: StatusFault, message: string) {
		super(message)
		this.answer = answer
	}
}

/** A route that takes no script and no stream. */
export function directRoute(route: 'countTokens' | 'models'): Accepted {
	return {
		route,
		stream: false,
		streamType: 'application/json',
		lastUserText: '',
		render: answer => ({ json: answer, frames: [] }),
		errorFrame: () => '',
	}
}
