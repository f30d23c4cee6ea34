import type { IncomingMessage } from '../../../core/ports.ts'

/** A request's body, with its memory where that is the proxy's alone, or why there is none. */
export type BodyResult =
	| ({ body: Uint8Array } & Pick<IncomingMessage, 'giveBack'>)
	| { problem: 'too-large' | 'aborted' }
