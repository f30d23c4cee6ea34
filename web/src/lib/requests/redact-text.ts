import { redactSecrets } from '../redact.ts'

const hidden = '••••'

/** What keys look like, wherever they stand: vendors' prefixes, and what follows the word Bearer. */
const keyShapes = [
	/\b(?:sk|rk|pk|gsk|xai|nvapi|hf|ghp|tgp)[-_][\w-]{12,}/g,
	/\bAIza[\w-]{20,}/g,
	/\bBearer\s+[\w.~+/=-]{8,}/gi,
]

/** A text without what looks like a secret. Masks, whose middle is missing, stay. */
export function redactText(text: string): string {
	const parsed = parseJson(text)
	const base = isTree(parsed) ? JSON.stringify(redactSecrets(parsed)) : String(redactSecrets(text))
	return hideKeys(isTree(parsed) && base === JSON.stringify(parsed) ? text : base)
}

/** The same for a value: what is shown of a body. */
export function redactValue(value: unknown): unknown {
	return hideIn(redactSecrets(value))
}

function hideIn(value: unknown): unknown {
	if (typeof value === 'string') return hideKeys(value)
	if (Array.isArray(value)) return value.map(hideIn)
	if (!isTree(value)) return value
	return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, hideIn(child)]))
}

const hideKeys = (text: string) =>
	keyShapes.reduce((shown, shape) => shown.replace(shape, found => keepPrefix(found)), text)

/** `Bearer ` is no secret, and tells what was there. */
const keepPrefix = (found: string) => (/^bearer\s/i.test(found) ? `Bearer ${hidden}` : hidden)

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null

export function parseJson(text: string | undefined): unknown {
	if (text === undefined || !/^\s*[[{"]/.test(text)) return undefined
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
