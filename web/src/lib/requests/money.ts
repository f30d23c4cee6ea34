/** Millionths of a US dollar as money: small amounts with the digits that matter. */
export function formatMoney(locale: string, micros: number): string {
	const dollars = micros / 1_000_000
	const digits = dollars === 0 || dollars >= 1 ? 2 : dollars >= 0.01 ? 3 : 5
	return new Intl.NumberFormat(locale === 'en-XA' ? 'en' : locale, {
		style: 'currency',
		currency: 'USD',
		currencyDisplay: 'narrowSymbol',
		minimumFractionDigits: 2,
		maximumFractionDigits: digits,
	}).format(dollars)
}
