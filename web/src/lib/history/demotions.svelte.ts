import type { KeyView } from '../../../../core/views/key-view.ts'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import { type Api, read } from '../api/client.ts'

export interface Demotion {
	key: KeyView
	upstream: UpstreamView
	/** When, where from and why; undefined while it is not known. */
	event: { at: number; fromPosition?: number | undefined; message: string } | undefined
}

/** Keys ask one by one for their events: so many are told of at most. */
const most = 20

/** Keys that the proxy itself has put behind others. They are state, not revisions. */
export class Demotions {
	#api: Api
	#events: Readonly<Record<string, Demotion['event']>> = $state.raw({})
	#asked = new Set<string>()

	constructor(api: Api) {
		this.#api = api
	}

	list(upstreams: readonly UpstreamView[]): Demotion[] {
		return upstreams
			.flatMap(upstream => upstream.keys.map(key => ({ key, upstream, event: this.#events[key.id] })))
			.filter(({ key }) => key.demoted)
			.slice(0, most)
	}

	/** Reads when and why, once for each key as long as it is demoted. */
	async learn(upstreams: readonly UpstreamView[]): Promise<void> {
		const ids = this.list(upstreams).map(({ key }) => key.id)
		for (const id of this.#asked) if (!ids.includes(id)) this.#asked.delete(id)
		const wanted = ids.filter(id => !this.#asked.has(id))
		for (const id of wanted) this.#asked.add(id)
		await Promise.all(wanted.map(id => this.#learnOne(id)))
	}

	async #learnOne(id: string): Promise<void> {
		try {
			const { events } = await read(this.#api.keys[':id'].events.$get({ param: { id }, query: {} }))
			const event = events.find(({ kind }) => kind === 'demoted')
			if (event) this.#events = { ...this.#events, [id]: event }
		} catch {
			// That the key is demoted is known all the same; asked again when it is shown anew.
			this.#asked.delete(id)
		}
	}
}
