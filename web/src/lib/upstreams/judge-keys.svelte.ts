import { maskKey } from '../../../../core/keys/mask.ts'
import { read } from '../api/client.ts'
import type { Session } from '../session/session.svelte.ts'

export interface KeyVerdict {
	mask: string
	verdict: 'new' | 'duplicate' | 'elsewhere' | 'unknown'
	upstreamName?: string
	looksLike?: string
}

const waitMs = 300

/** What the server thinks of keys that are being typed; until it has answered they are `unknown`. */
export class KeyJudge {
	list: readonly KeyVerdict[] = $state.raw([])
	#timer: ReturnType<typeof setTimeout> | undefined
	#asked = 0
	#session: Session

	constructor(session: Session) {
		this.#session = session
	}

	judge(keys: readonly string[], upstreamId: string | undefined): void {
		clearTimeout(this.#timer)
		const asked = ++this.#asked
		this.list = keys.map(key => ({ mask: maskKey(key), verdict: 'unknown' }))
		if (keys.length === 0) return
		this.#timer = setTimeout(async () => {
			const json = { keys: [...keys], ...(upstreamId !== undefined && { upstreamId }) }
			// Without an answer they stay unknown; adding them tells.
			const answer = await read(this.#session.api.keys.judge.$post({ json })).catch(() => undefined)
			if (answer && asked === this.#asked) this.list = answer.keys
		}, waitMs)
	}
}
