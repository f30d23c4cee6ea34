/** Epoch ms as <input type="datetime-local"> writes it, in the zone of the browser. */
export function writeLocalTime(at: number): string {
	const date = new Date(at)
	const two = (value: number) => String(value).padStart(2, '0')
	const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
	return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

export function readLocalTime(text: string): number | undefined {
	const at = /^\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? new Date(text).getTime() : Number.NaN
	return Number.isNaN(at) ? undefined : at
}
