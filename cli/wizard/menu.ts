import packageJson from '../../package.json' with { type: 'json' }
import { openConfigSession } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import type { WizardContext } from './context.ts'
import type { FirstRunEnd } from './first-run.ts'
import { menuActions } from './menu-actions.ts'
import { WizardLeft } from './prompter.ts'

/** Asks what to do until the answer is to quit. Esc goes back here, and from here out. */
export async function runMenu(context: WizardContext): Promise<FirstRunEnd> {
	const { ask, texts } = context
	const { actions } = texts.menu
	ask.begin(`claude-proxy ${packageJson.version}  ${summarize(context)}`)
	for (;;) {
		const names = Object.keys(actions) as (keyof typeof actions)[]
		const choice = await ask.select(
			texts.menu.question,
			names.map(name => ({ value: name, label: actions[name] })),
		)
		if (choice === 'quit' || choice === 'serve') {
			ask.end(choice === 'quit' ? texts.menu.bye : '')
			return { exitCode: exitCodes.ok, start: choice === 'serve' }
		}
		try {
			await menuActions[choice](context)
		} catch (error) {
			if (!(error instanceof WizardLeft) || error.all) throw error
			ask.say(texts.cancelled.back)
		}
		await reload(context)
	}
}

/** What was changed, here or elsewhere. */
async function reload(context: WizardContext): Promise<void> {
	const session = await openConfigSession(() => {})
	try {
		context.known = { config: await session.read(), keyRing: session.keyRing }
	} finally {
		session.close()
	}
}

function summarize({ known, texts }: WizardContext): string {
	const upstreams = known?.config.upstreams ?? []
	const current = upstreams.find(({ id }) => id === known?.config.currentUpstreamId)
	return texts.menu.summary(current?.name ?? texts.menu.noCurrent, upstreams.length)
}
