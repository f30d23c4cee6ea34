import { type CliTexts, english } from './texts-en.ts'

export { type CliTexts, english }

/** What people are spoken to in. Programs, that is `--json`, are always answered in English. */
export type Language = 'en' | 'zh'

/** Of the terminal: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
export function readLanguage(variables: NodeJS.ProcessEnv): Language {
	const language = variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || ''
	return /^zh(?:[_.-]|$)/i.test(language) ? 'zh' : 'en'
}

/** A wide colon has its blank in itself. */
export const joinMark = (mark: string, text: string) => (/：/.test(mark) ? mark + text : `${mark} ${text}`)

/** Chinese is read where it is spoken only. */
export async function loadTexts(language: Language): Promise<CliTexts> {
	return language === 'zh' ? (await import('./texts-zh.ts')).chinese : english
}
