import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `<prefix>_` and 24 random letters and digits. */
export function newId(prefix: string): string {
	let text = ''
	while (text.length < 24) {
		for (const byte of randomBytes(32)) {
			// 248 = 4 × 62: what lies above would favour some letters.
			if (byte < 248 && text.length < 24) text += ALPHABET[byte % 62]
		}
	}
	return `${prefix}_${text}`
}
