import { placeholderAccessKey } from '../../core/config/environment.ts'
import { generateSecret } from '../environment.ts'
import type { WizardContext } from './context.ts'

export interface AccessKeyChoice {
	key: string
	/** Made up here, so that nobody knows it yet. */
	generated: boolean
}

export async function chooseAccessKey({ ask, texts }: WizardContext): Promise<AccessKeyChoice> {
	const words = texts.accessKey
	const how = await ask.select(words.question, [
		{ value: 'generate', label: words.generate },
		{ value: 'enter', label: words.enter },
	])
	if (how === 'generate') return { key: generateSecret('PROXY_ACCESS_KEY'), generated: true }
	const judge = (key: string) => {
		if (key === placeholderAccessKey) return words.known
		if (key.length < 16) return words.short
		return /^[\x21-\x7e]+$/.test(key) ? undefined : words.blank
	}
	return { key: await ask.secret({ message: words.own, judge }), generated: false }
}
