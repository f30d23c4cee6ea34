import { english, type WizardTexts } from './texts-en.ts'
import { chinese } from './texts-zh.ts'

export type { WizardTexts }

/** By the language of the terminal: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
export function chooseTexts(variables: NodeJS.ProcessEnv): WizardTexts {
	const language = variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || ''
	return /^zh(?:[_.-]|$)/i.test(language) ? chinese : english
}
