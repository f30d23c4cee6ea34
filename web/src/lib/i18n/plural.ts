const rules = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat('en')

/** `countOf(2, 'key', 'keys')` is `2 keys`. For the English dictionary; Chinese has one form for all numbers. */
export function countOf(count: number, one: string, other: string): string {
	return `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`
}
