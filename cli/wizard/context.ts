import type { Environment } from '../../core/config/environment.ts'
import type { Config, KeyRing } from '../../db/index.ts'
import type { CliIo } from '../io.ts'
import type { Prompter } from './prompter.ts'
import type { WizardTexts } from './texts.ts'

/** What the steps of the wizard share. */
export interface WizardContext {
	io: CliIo
	ask: Prompter
	texts: WizardTexts
	environment: Environment
	/** Undefined before there is a database. */
	known: { config: Config; keyRing: KeyRing } | undefined
	/** What is still to come, told when the wizard is left. */
	steps: string[]
	/** What runs that Ctrl-C must not break off: writing is done whole, and commands have an end of their own. */
	busy: { runs: number }
}

/** Runs what Ctrl-C must not break off. */
export async function undisturbed<Result>(
	{ busy }: Pick<WizardContext, 'busy'>,
	work: () => Promise<Result>,
): Promise<Result> {
	busy.runs++
	try {
		return await work()
	} finally {
		busy.runs--
	}
}

/** The step is over. */
export function finishStep({ steps }: WizardContext, name: string): void {
	const at = steps.indexOf(name)
	if (at >= 0) steps.splice(at, 1)
}
