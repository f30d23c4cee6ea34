import { readStored, writeStored } from '../storage.ts'

const storageKey = 'claude-proxy.request-panel'

/** Of the page, in per cent. */
export const panelWidths = { least: 30, most: 75, usual: 50 } as const

export const limitWidth = (percent: number) =>
	Math.min(panelWidths.most, Math.max(panelWidths.least, Math.round(percent)))

export function readPanelWidth(): number {
	const stored = Number(readStored(storageKey) ?? Number.NaN)
	return Number.isNaN(stored) ? panelWidths.usual : limitWidth(stored)
}

export const writePanelWidth = (percent: number) => writeStored(storageKey, String(percent))
