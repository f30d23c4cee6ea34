/**
 * A table as CSV (RFC 4180), with a mark that lets Excel read it as UTF-8. Text that a spreadsheet would take for a
 * formula is set in quotes of its own.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function writeCsv(rows: readonly (readonly (string | number | null)[])[]): string {
	return `\uFEFF${rows.map(row => row.map(writeCell).join(',')).join('\r\n')}\r\n`
}

function writeCell(value: string | number | null): string {
	if (value === null) return ''
	if (typeof value === 'number') return String(value)
	const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
