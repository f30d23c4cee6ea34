/** Hands a file to the browser. */
export function downloadFile(name: string, type: string, content: string | Blob): void {
	const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }))
	const link = document.createElement('a')
	link.href = url
	link.download = name
	link.click()
	// Some browsers read it only after the click has been dealt with.
	setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
