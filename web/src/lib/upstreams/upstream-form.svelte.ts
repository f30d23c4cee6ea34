import type { UpstreamConfig } from '../../../../core/config/upstream.ts'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import { ApiError } from '../api/api-error.ts'
import type { Messages } from '../i18n/messages/en/index.ts'
import { type Draft, findChanges, pickConfig, toConfig, toDraft } from './draft.ts'
import { checkDraft, nameProblems, type Problems } from './problems.ts'
import { readKeys } from './read-keys.ts'

interface FormOptions {
	words: () => Messages['upstreams']['problems']
	names: () => readonly string[]
}

/** An upstream that is being added or edited: what was typed, what is wrong with it, what it is based on. */
export class UpstreamForm {
	draft: Draft = $state() as Draft
	/** What is stored, as far as this form knows; undefined for a new one. */
	stored: UpstreamConfig | undefined = $state.raw()
	/** The revision in which it was stored so. */
	revision: number | undefined
	/** Somebody has changed it since. */
	outdated = $state(false)
	/** Problems that are shown before saving was tried are only those that are certain. */
	tried = $state(false)
	/** What the API refused. */
	refused: Problems = $state.raw({})
	/** Why it could not be saved, when no field is to blame. */
	failure: unknown = $state.raw()
	#baseline = $state('')
	#options: FormOptions

	constructor(draft: Draft, options: FormOptions) {
		this.#options = options
		this.start(draft, undefined, undefined)
	}

	readonly keys = $derived.by(() => readKeys(this.draft.keyText).keys)
	readonly dirty = $derived.by(() => describe(this.draft) !== this.#baseline)

	readonly #found: Problems = $derived.by(() =>
		checkDraft(this.draft, {
			words: this.#options.words(),
			stored: this.stored,
			names: this.#options.names(),
			keys: this.keys,
		}),
	)

	readonly problems: Problems = $derived.by(() => {
		if (this.tried) return { ...this.refused, ...this.#found }
		const taken = this.#options.words().taken
		return this.#found.name === taken ? { name: taken } : {}
	})

	/** What saving would change. */
	readonly changes: Partial<UpstreamConfig> = $derived.by(() => {
		const config = toConfig(this.draft)
		return this.stored ? findChanges(this.stored, config) : config
	})

	start(draft: Draft, stored: UpstreamConfig | undefined, revision: number | undefined): void {
		this.draft = draft
		this.stored = stored
		this.revision = revision
		this.outdated = false
		this.tried = false
		this.refused = {}
		this.failure = undefined
		this.#baseline = describe(draft)
	}

	/** Begins with something filled in, which counts as typed. */
	fill(draft: Draft): void {
		this.draft = draft
	}

	/**
	 * The newest state of the server. While what was edited is the same, it is what this form is based on; when it has
	 * changed, it is taken over unless something was typed.
	 */
	follow(upstream: UpstreamView, revision: number): void {
		const newest = pickConfig(upstream)
		if (this.stored && JSON.stringify(newest) === JSON.stringify(this.stored)) {
			this.revision = Math.max(revision, this.revision ?? 0)
			this.outdated = false
		} else if (revision < (this.revision ?? 0)) return
		else if (!this.stored || !this.dirty) this.restart(upstream, revision)
		else this.outdated = true
	}

	/** As it is stored, whatever was typed. */
	restart(upstream: UpstreamView, revision: number): void {
		this.start(toDraft(upstream), pickConfig(upstream), revision)
	}

	/** What was typed is what is stored from now on. */
	settle(revision: number): void {
		const config = toConfig(this.draft)
		this.start({ ...this.draft, keyText: '' }, config, revision)
	}

	/** Whether everything is right; shows what is not. */
	check(): boolean {
		this.tried = true
		this.refused = {}
		this.failure = undefined
		return Object.keys(this.#found).length === 0
	}

	refuse(error: unknown): void {
		const words = this.#options.words()
		if (error instanceof ApiError && error.code === 'exists') this.refused = { name: words.taken }
		else if (error instanceof ApiError && error.fields.length > 0)
			this.refused = nameProblems(error.fields, this.draft, words)
		if (Object.keys(this.refused).length === 0) this.failure = error
	}

	/** Something was typed: what the API said of it no longer holds. */
	forget(path: string): void {
		if (!(path in this.refused)) return
		const { [path]: _, ...rest } = this.refused
		this.refused = rest
	}
}

/** Ids of rows do not count. */
const describe = (draft: Draft) => JSON.stringify([toConfig(draft), draft.keyText, draft.makeCurrent])
