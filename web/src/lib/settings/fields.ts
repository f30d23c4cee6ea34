import type { Messages } from '../i18n/messages/en/index.ts'

type Words = Messages['settings']['form']

export interface Limits {
	least: number
	most: number
}

/** What the schema allows: `recordingSchema.shape.days`. */
export const limitsOf = ({
	minValue,
	maxValue,
}: {
	minValue: number | null
	maxValue: number | null
}): Limits => ({
	least: minValue ?? 0,
	most: maxValue ?? Number.MAX_SAFE_INTEGER,
})

/** What is wrong with a whole number as typed. */
export function checkWhole(
	text: string,
	{ least, most }: Limits,
	words: Words,
	format: (value: number) => string,
): string | undefined {
	const value = Number(text.trim())
	if (/^\d+$/.test(text.trim()) && value >= least && value <= most) return undefined
	return words.wholeNumber(format(least), format(most))
}

/** Fields with something wrong, of all that were checked. */
export const onlyWrong = (checked: Record<string, string | undefined>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(checked).filter((entry): entry is [string, string] => entry[1] !== undefined),
	)
