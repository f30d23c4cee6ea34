import { readStored, writeStored } from '../storage.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** static/before-paint.js reads it too. */
const themeStorageKey = 'claude-proxy.theme'

export function readTheme(): Theme {
	const stored = readStored(themeStorageKey)
	return themes.find(theme => theme === stored) ?? 'system'
}

export function applyTheme(theme: Theme): void {
	writeStored(themeStorageKey, theme)
	if (theme === 'system') delete document.documentElement.dataset.theme
	else document.documentElement.dataset.theme = theme
}
