import { placeholderAccessKey } from './environment.ts'

/** `known`: the value of the documentation. `weak`: short, or of few different characters. */
export type KeyStrength = 'known' | 'weak' | 'good'

/** What guessing costs: 64 bits are out of reach. */
const enoughBits = 64
const enoughCharacters = 16

/** Whether a key could be guessed. A rough measure, on the careful side: characters that repeat do not count. */
export function judgeKeyStrength(key: string): KeyStrength {
	if (key === placeholderAccessKey) return 'known'
	const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter(kind => kind.test(key)).length
	const bits = new Set(key).size * Math.log2(10 + 16 * kinds)
	return key.length < enoughCharacters || bits < enoughBits ? 'weak' : 'good'
}
