import type { ConfigView } from '../../../../core/views/upstream-view.ts'
import { type Api, read } from '../api/client.ts'
import type { Change, Revision } from './types.ts'
import type { Against } from './view.ts'

interface Compared {
	from: number
	to: number
	changes: Change[]
}

interface Read {
	revision: Revision
	config: ConfigView
	purged: { id: string; mask: string; upstreamId: string }[]
	compared: Compared
}

/** An opened revision with what it is compared with. What was shown stays until the answer is there. */
export class RevisionLoader {
	read: Read | undefined = $state.raw()
	loading = $state(true)
	error: unknown = $state.raw()
	#api: Api
	#asking = new AbortController()

	constructor(api: Api) {
		this.#api = api
	}

	async load(number: number, against: Against): Promise<void> {
		this.#asking.abort()
		this.#asking = new AbortController()
		const { signal } = this.#asking
		this.loading = true
		const param = { revision: String(number) }
		try {
			const [found, compared] = await Promise.all([
				read(this.#api.revisions[':revision'].$get({ param }, { init: { signal } })),
				read(
					this.#api.revisions[':revision'].diff.$get(
						{ param, query: { against: String(against) } },
						{ init: { signal } },
					),
				),
			])
			if (signal.aborted) return
			this.read = {
				...(found as unknown as Omit<Read, 'compared'>),
				compared: compared as unknown as Compared,
			}
			this.error = undefined
		} catch (error) {
			if (signal.aborted) return
			this.error = error
			this.read = undefined
		}
		this.loading = false
	}

	/** After a pin or another message. */
	replace(revision: Revision): void {
		if (this.read?.revision.revision === revision.revision) this.read = { ...this.read, revision }
	}
}
