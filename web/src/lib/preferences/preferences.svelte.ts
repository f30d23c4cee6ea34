import { createContext } from 'svelte'
import { readStored, writeStored } from '../storage.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const densities = ['comfortable', 'compact'] as const
export type Density = (typeof densities)[number]

/** static/before-paint.js reads the first two as well. */
const storageKeys = {
	theme: 'claude-proxy.theme',
	density: 'claude-proxy.density',
	shortcuts: 'claude-proxy.shortcuts',
} as const

/** What a person chose for this browser. The language is kept by I18n. */
export class Preferences {
	#theme: Theme = $state(pick(themes, storageKeys.theme))
	#density: Density = $state(pick(densities, storageKeys.density))
	#shortcuts = $state(readStored(storageKeys.shortcuts) !== 'off')

	get theme(): Theme {
		return this.#theme
	}

	set theme(theme: Theme) {
		this.#theme = theme
		writeStored(storageKeys.theme, theme)
		if (theme === 'system') delete document.documentElement.dataset.theme
		else document.documentElement.dataset.theme = theme
	}

	get density(): Density {
		return this.#density
	}

	set density(density: Density) {
		this.#density = density
		writeStored(storageKeys.density, density)
		if (density === 'compact') document.documentElement.dataset.density = density
		else delete document.documentElement.dataset.density
	}

	/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
	get shortcuts(): boolean {
		return this.#shortcuts
	}

	set shortcuts(on: boolean) {
		this.#shortcuts = on
		writeStored(storageKeys.shortcuts, on ? 'on' : 'off')
	}
}

function pick<Value extends string>(values: readonly [Value, ...Value[]], key: string): Value {
	const stored = readStored(key)
	return values.find(value => value === stored) ?? values[0]
}

export const [usePreferences, providePreferences] = createContext<Preferences>()
