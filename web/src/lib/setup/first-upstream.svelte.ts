import type { ProbeResult } from '../../../../core/proxy/probe-result.ts'
import { type Api, read } from '../api/client.ts'
import { useChange } from '../changes/tools.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { type ForeignKeys, findForeignKeys } from '../upstreams/foreign-keys.ts'
import { addUpstream } from '../upstreams/save-upstream.ts'
import type { UpstreamForm } from '../upstreams/upstream-form.svelte.ts'
import { useTest } from '../upstreams/use-test.ts'

interface Tools {
	api: Api
	change: ReturnType<typeof useChange>
	i18n: ReturnType<typeof useI18n>
	live: ReturnType<typeof useLiveStatus>
	test: ReturnType<typeof useTest>
}

/** Saves the first upstream and tries it. One that does not work is taken away again unless somebody keeps it. */
class FirstUpstream {
	busy = $state(false)
	/** Keys that would go to somebody else's host: asked about before they do. */
	foreign: ForeignKeys | undefined = $state.raw()
	/** As it is stored; undefined before, and after it was taken away. */
	saved: { id: string; name: string } | undefined = $state.raw()
	result: ProbeResult | undefined = $state.raw()
	/** How many models it lists; undefined where it does not tell. */
	models: number | undefined = $state()
	#tools: Tools

	constructor(tools: Tools) {
		this.#tools = tools
	}

	/** False when something in the form is wrong. */
	submit(form: UpstreamForm): boolean {
		if (this.busy) return true
		if (!form.check()) return false
		this.foreign = findForeignKeys(form.keys, form.draft.baseUrl)
		if (!this.foreign) void this.save(form)
		return true
	}

	async save(form: UpstreamForm): Promise<void> {
		const { api, change, live } = this.#tools
		this.busy = true
		this.result = undefined
		const { name } = form.draft
		const added = await change({
			send: () => addUpstream(api, form),
			onerror: error => {
				form.refuse(error)
				return true
			},
		})
		if (added) {
			this.saved = { id: added.id, name }
			await live.refreshAfter()
			await this.try()
		}
		this.busy = false
	}

	async try(): Promise<void> {
		const { api, test } = this.#tools
		const { saved } = this
		if (!saved) return
		this.busy = true
		this.result = await test(saved)
		this.models = this.result?.ok ? await countModels(api, saved.id) : undefined
		this.busy = false
	}

	/** Back to the form, as it was filled in. */
	async takeAway(): Promise<void> {
		const { api, change } = this.#tools
		const { saved } = this
		if (!saved) return
		this.busy = true
		const gone = await change({ send: () => read(api.upstreams[':id'].$delete({ param: { id: saved.id } })) })
		if (gone) {
			this.saved = undefined
			this.result = undefined
		}
		this.busy = false
	}
}

async function countModels(api: Api, id: string): Promise<number | undefined> {
	try {
		return (await read(api.upstreams[':id'].models.$get({ param: { id } }))).models.length
	} catch {
		// Many services list none.
		return undefined
	}
}

export function useFirstUpstream() {
	return new FirstUpstream({
		...{ api: useSession().api, change: useChange(), i18n: useI18n() },
		...{ live: useLiveStatus(), test: useTest() },
	})
}
