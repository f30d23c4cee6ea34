import { isTyping } from '../commands/keys.ts'

/** What was pasted on the page of upstreams, on its way to the form. Never stored: keys are in it. */
export const pasted: { text: string | undefined } = { text: undefined }

/** Takes it, once. */
export function takePasted(): string | undefined {
	const { text } = pasted
	pasted.text = undefined
	return text
}

/** The text of a paste that no field has taken. */
export function findPasted(event: ClipboardEvent): string | undefined {
	if (event.defaultPrevented || isTyping(event.target)) return undefined
	const text = event.clipboardData?.getData('text/plain').trim()
	return text === '' ? undefined : text
}
