/** A header's name in lower case. https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
export const headerName = /^[!#$%&'*+\-.^_`|~\da-z]+$/

/** What no header's value may have: it would begin another header, or is for nobody to read. */
export const forbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/

/** A header's value as it stands between these places. `trim` would also take spaces away that are part of it. */
export function sliceTrimmed(text: string, begin: number, finish: number): string {
	let from = begin
	let to = finish
	while (from < to && isBlank(text.charCodeAt(from))) from++
	while (to > from && isBlank(text.charCodeAt(to - 1))) to--
	return text.slice(from, to)
}

const isBlank = (code: number) => code === 32 || code === 9
