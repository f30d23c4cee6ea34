import type { PriceOverride } from '../../../../core/config/prices.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

export const amountNames = ['input', 'output', 'cacheRead', 'cacheWrite'] as const
export type AmountName = (typeof amountNames)[number]

/** A price as typed. */
export type PriceRow = { model: string } & Record<AmountName, string>

export const emptyRow = (): PriceRow => ({ model: '', input: '', output: '', cacheRead: '', cacheWrite: '' })

const toText = (amount: number | undefined) => (amount === undefined ? '' : String(amount))

export const toRow = ({ model, input, output, cacheRead, cacheWrite }: PriceOverride): PriceRow => ({
	...{ model, input: toText(input), output: toText(output) },
	...{ cacheRead: toText(cacheRead), cacheWrite: toText(cacheWrite) },
})

export function toPrice({ model, input, output, cacheRead, cacheWrite }: PriceRow): PriceOverride {
	return {
		...{ model: model.trim(), input: Number(input), output: Number(output) },
		...(cacheRead.trim() !== '' && { cacheRead: Number(cacheRead) }),
		...(cacheWrite.trim() !== '' && { cacheWrite: Number(cacheWrite) }),
	}
}

const mostDollars = 100_000
const isAmount = (text: string) => /^\d+(?:\.\d+)?$|^\.\d+$/.test(text.trim()) && Number(text) <= mostDollars

/** By `row.field`: `2.input`. */
export function checkRows(
	rows: readonly PriceRow[],
	words: Messages['settings']['form'],
): Record<string, string> {
	const problems: Record<string, string> = {}
	const seen = new Set<string>()
	for (const [place, row] of rows.entries()) {
		const model = row.model.trim()
		if (model === '') problems[`${place}.model`] = words.empty
		else if (seen.has(model)) problems[`${place}.model`] = words.twice
		seen.add(model)
		for (const name of amountNames) {
			const optional = name === 'cacheRead' || name === 'cacheWrite'
			if (optional && row[name].trim() === '') continue
			if (!isAmount(row[name])) problems[`${place}.${name}`] = words.amount
		}
	}
	return problems
}
