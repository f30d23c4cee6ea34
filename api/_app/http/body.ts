/** A request's body, or why there is none. */
export type BodyResult = { body: Uint8Array } | { problem: 'too-large' | 'aborted' }
