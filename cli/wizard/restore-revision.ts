import { openConfigSession } from '../config-session.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTime } from '../ui/format-time.ts'
import type { WizardContext } from './context.ts'
import { runCommand } from './run-command.ts'

const shownRevisions = 20

/** The newest changes, and one of them to bring back. */
export async function restoreRevision(context: WizardContext): Promise<void> {
	const { ask, texts } = context
	const session = await openConfigSession(() => {})
	const page = await session.repository
		.listRevisions({ limit: shownRevisions })
		.finally(() => session.close())
	const options = page.revisions.map(({ revision, at, message, author }) => ({
		value: revision as number | undefined,
		label: `${revision}  ${toOneLine(message)}`,
		hint: `${formatTime(at)}, ${author}`,
	}))
	const chosen = await ask.select(texts.menu.revisions, [
		{ value: undefined, label: texts.menu.keepAll },
		...options,
	])
	if (chosen === undefined) return
	const question = texts.commands?.restore(chosen)
	await runCommand(context, ['history', 'restore', String(chosen)], { question })
}
