import type { Preset } from '../../../../core/presets/preset.ts'
import { findPreset } from '../../../../core/presets/presets.ts'
import { type Detection, pasteInto } from './paste-draft.ts'
import { choosePreset } from './preset-draft.ts'
import type { UpstreamForm } from './upstream-form.svelte.ts'

/** Fills a form from what is pasted, or from a well-known service. */
export class FormFiller {
	/** The id of the service; empty for one that is not known. */
	preset = $state('')
	/** What the latest paste was found to be. */
	detection: Detection | undefined = $state.raw()
	#form: UpstreamForm
	#isFree: (name: string) => boolean
	#undo: (() => void) | undefined

	constructor(form: UpstreamForm, isFree: (name: string) => boolean) {
		this.#form = form
		this.#isFree = isFree
	}

	/** False when there is nothing to use in the text. */
	paste(text: string): boolean {
		const before = $state.snapshot(this.#form.draft)
		const { preset } = this
		const outcome = pasteInto($state.snapshot(this.#form.draft), text, this.#isFree)
		if (outcome === undefined) return false
		this.#undo = () => {
			this.#form.fill(before)
			this.preset = preset
			this.detection = undefined
		}
		this.#form.fill(outcome.draft)
		this.detection = outcome.detection
		if (outcome.preset !== undefined) this.preset = outcome.preset
		return true
	}

	undoPaste(): void {
		this.#undo?.()
	}

	usePreset(chosen: Preset, type: string): void {
		const draft = $state.snapshot(this.#form.draft)
		this.#form.fill(choosePreset(draft, chosen, type, findPreset(this.preset), this.#isFree))
		this.preset = chosen.id
	}
}
