import { editClaudeSettings } from '../../core/connect/claude-settings.ts'
import type { Connection } from '../../core/connect/connection.ts'
import { accessKeyPlaceholder } from '../../core/connect/connection.ts'
import { writeSnippet } from '../../core/connect/snippets.ts'
import {
	findClaudeSettings,
	readClaudeSettings,
	shortenPath,
	writeClaudeSettings,
} from '../claude-code-file.ts'
import type { WizardContext } from './context.ts'

export interface PlannedSettings {
	path: string
	text: string
}

/** Asks whether Claude Code's settings are to be written, and shows how. Nothing is written yet. */
export async function planClient(
	{ ask, texts }: WizardContext,
	connection: Connection,
): Promise<PlannedSettings | undefined> {
	const words = texts.client
	const path = findClaudeSettings()
	const shown = shortenPath(path)
	const result = editClaudeSettings(await readClaudeSettings(path), connection)
	if (!result.ok) {
		const snippet = writeSnippet('claude-code', { ...connection, accessKey: accessKeyPlaceholder })
		ask.note(words.broken(shown, result.problem), snippet)
		return undefined
	}
	const { text, diff } = result.edit
	if (diff.length === 0) {
		ask.told(`Claude Code: ${words.there}`, '')
		return undefined
	}
	ask.note(words.diff(shown), diff.join('\n'))
	const writes = await ask.select(words.question(shown), [
		{ value: true, label: words.write },
		{ value: false, label: words.skip },
	])
	return writes ? { path, text } : undefined
}

export async function writeClient(
	{ ask, texts }: WizardContext,
	{ path, text }: PlannedSettings,
): Promise<void> {
	const { backup } = await writeClaudeSettings(path, text)
	const words = texts.client
	ask.told(words.written(shortenPath(path)), backup === undefined ? '' : words.backup(shortenPath(backup)))
}
