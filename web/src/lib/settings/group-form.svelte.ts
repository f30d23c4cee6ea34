import type { Settings, SettingsPatch } from '../../../../core/config/settings.ts'
import { useChange } from '../changes/tools.ts'
import type { Change } from '../history/types.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { readSettingsConflict, saveSettings } from './save-settings.ts'
import type { StoredSettings } from './settings-store.svelte.ts'

/** Field -> what is wrong with it. */
export type Problems = Readonly<Record<string, string>>

interface GroupOptions<Draft> {
	/** What is typed, of what is stored. */
	read: (settings: Settings) => Draft
	write: (draft: Draft) => SettingsPatch
	check: (draft: Draft) => Problems
	/** Said when saved. */
	title: () => string
}

type Tools = ReturnType<typeof takeTools>
const takeTools = () => ({ change: useChange(), api: useSession().api, i18n: useI18n() })

/** A group of settings with a button of its own. What is typed stays, whatever comes of saving it. */
export class GroupForm<Draft extends object> {
	draft: Draft = $state() as Draft
	problems: Problems = $state.raw({})
	/** A refusal that belongs to no field. */
	failure: unknown = $state.raw()
	conflict: { mine: Change[]; theirs: Change[]; revision: number } | undefined = $state.raw()
	busy = $state(false)
	/** What the draft was made from. */
	stored: StoredSettings | undefined = $state.raw()
	#base = $state('')
	#newest: StoredSettings | undefined
	#options: GroupOptions<Draft>
	#tools: Tools

	constructor(options: GroupOptions<Draft>, tools: Tools) {
		this.#options = options
		this.#tools = tools
	}

	get dirty(): boolean {
		return this.stored !== undefined && JSON.stringify(this.draft) !== this.#base
	}

	/** Takes over what is stored, unless something was typed; that is based on it all the same where it is as before. */
	follow(newest: StoredSettings): void {
		this.#newest = newest
		if (this.busy) return
		if (!this.dirty) this.#restart(newest)
		else if (JSON.stringify(this.#options.read(newest.settings)) === this.#base) this.stored = newest
	}

	discard(): void {
		if (this.#newest) this.#restart(this.#newest)
	}

	/** Whether nothing is wrong any more; false also when it was refused. @param over the revision to save over */
	async save(over?: number): Promise<boolean> {
		const { change, api, i18n } = this.#tools
		if (this.busy) return false
		this.problems = this.#options.check(this.draft)
		this.failure = undefined
		if (Object.keys(this.problems).length > 0) return false
		const sent = JSON.stringify(this.draft)
		const patch = this.#options.write(this.draft)
		const before = this.#pick(patch)
		this.busy = true
		const answer = await change({
			send: () => saveSettings(api, patch, over ?? this.stored?.revision),
			done: i18n.messages.settings.form.saved(this.#options.title()),
			undo: () => saveSettings(api, before, undefined),
			onerror: error => this.#refuse(error, patch),
		})
		this.busy = false
		if (answer === undefined || this.stored === undefined) return false
		const settings = { ...this.stored.settings, ...patch } as Settings
		this.#settle({ revision: answer.revision, settings }, JSON.stringify(this.draft) === sent)
		return true
	}

	/** What was typed while it was saved stays, and is not saved. */
	#settle(stored: StoredSettings, isWhole: boolean): void {
		const { draft } = this
		this.#restart(stored)
		if (!isWhole) this.draft = draft
	}

	#restart(stored: StoredSettings): void {
		this.stored = stored
		this.draft = this.#options.read(stored.settings)
		this.#base = JSON.stringify(this.draft)
		this.problems = {}
		this.failure = undefined
		this.conflict = undefined
	}

	#pick(patch: SettingsPatch): SettingsPatch {
		const settings = this.stored?.settings
		return Object.fromEntries(Object.keys(patch).map(name => [name, settings?.[name as keyof Settings]]))
	}

	#refuse(error: unknown, patch: SettingsPatch): boolean {
		const found = readSettingsConflict(error, patch)
		if (found) this.conflict = { ...found, mine: this.#describeMine(patch) }
		else this.failure = error
		return true
	}

	#describeMine(patch: SettingsPatch): Change[] {
		const before = this.#pick(patch)
		return Object.entries(patch).map(([setting, to]) => {
			const from = before[setting as keyof SettingsPatch]
			return { kind: 'setting-changed', setting, from, to }
		})
	}
}

export const useGroupForm = <Draft extends object>(options: GroupOptions<Draft>) =>
	new GroupForm<Draft>(options, takeTools())
