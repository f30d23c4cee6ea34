import { goto } from '$app/navigation'
import { useChange } from '../changes/tools.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { type ForeignKeys, findForeignKeys } from './foreign-keys.ts'
import { addUpstream, type Conflict, changeUpstream, readConflict } from './save-upstream.ts'
import type { UpstreamForm } from './upstream-form.svelte.ts'
import { useTest } from './use-test.ts'

interface SavingOptions {
	form: UpstreamForm
	/** Undefined for a new one. */
	id: () => string | undefined
	/** Leads to the first field that is wrong. */
	onproblem: () => void
}

/** Saves a form: checks it, asks what has to be asked, sends it, and goes on from there. */
export function useSaving(options: SavingOptions) {
	const tools = {
		...{
			change: useChange(),
			i18n: useI18n(),
			live: useLiveStatus(),
			api: useSession().api,
			test: useTest(),
		},
	}
	return new Saving(options, tools)
}

interface Tools {
	change: ReturnType<typeof useChange>
	i18n: ReturnType<typeof useI18n>
	live: ReturnType<typeof useLiveStatus>
	api: ReturnType<typeof useSession>['api']
	test: ReturnType<typeof useTest>
}

class Saving {
	busy: 'save' | 'test' | undefined = $state()
	/** Keys that would go to somebody else's host: asked about before they do. */
	foreign: (ForeignKeys & { test: boolean }) | undefined = $state.raw()
	/** Somebody else has changed the same: both versions are shown. */
	conflict: (Conflict & { test: boolean }) | undefined = $state.raw()
	/** What is left is saved. */
	leaving = $state(false)
	#options: SavingOptions
	#tools: Tools

	constructor(options: SavingOptions, tools: Tools) {
		this.#options = options
		this.#tools = tools
	}

	async submit(test: boolean): Promise<void> {
		const { form, id, onproblem } = this.#options
		if (this.busy) return
		if (!form.check()) return onproblem()
		const foreign = id() === undefined ? findForeignKeys(form.keys, form.draft.baseUrl) : undefined
		if (foreign) this.foreign = { ...foreign, test }
		else await this.save(test)
	}

	/** @param over the revision to save over, after a conflict */
	async save(test: boolean, over?: number): Promise<void> {
		const { form, id } = this.#options
		const existing = id()
		const { name } = form.draft
		this.busy = test ? 'test' : 'save'
		const saved = existing === undefined ? await this.#add() : await this.#change(existing, test, over)
		if (saved) {
			form.settle(saved.revision)
			this.leaving = true
			if (test) await this.#testSaved(saved.id, name, existing === undefined)
			else await goto('/')
			this.leaving = false
		}
		this.busy = undefined
	}

	async takeTheirs(): Promise<void> {
		const { live } = this.#tools
		const { form, id } = this.#options
		await live.refreshAfter()
		const newest = live.current?.upstreams.find(upstream => upstream.id === id())
		if (newest && live.current) form.restart(newest, live.current.revision)
	}

	async #testSaved(id: string, name: string, isNew: boolean): Promise<void> {
		const { live, test } = this.#tools
		await live.refreshAfter()
		if (isNew) await goto(`/upstreams/${id}`, { replace: true })
		await test({ id, name })
	}

	#add() {
		const { form } = this.#options
		const { change, api, i18n } = this.#tools
		return change({
			send: () => addUpstream(api, form),
			done: i18n.messages.upstreams.changed.added(form.draft.name),
			onerror: error => this.#refuse(error),
		})
	}

	async #change(id: string, test: boolean, over: number | undefined) {
		const { form } = this.#options
		const { change, api, i18n } = this.#tools
		// Nothing to save, but to be tested all the same.
		if (!form.dirty) return { id, revision: form.revision ?? 0 }
		const answer = await change({
			send: () => changeUpstream(api, id, form, over),
			done: i18n.messages.upstreams.changed.saved(form.draft.name),
			onerror: error => {
				const conflict = readConflict(error, id, form)
				if (conflict) this.conflict = { ...conflict, test }
				return conflict !== undefined || this.#refuse(error)
			},
		})
		return answer && { id, revision: answer.revision }
	}

	#refuse(error: unknown): boolean {
		this.#options.form.refuse(error)
		this.#options.onproblem()
		return true
	}
}

export type { Saving }
