import { isDatabaseError, openDatabase, readSchemaVersion } from '../../db/index.ts'
import type { WizardContext } from './context.ts'

/** Undefined: the file that is used where nothing is named. */
export interface DatabaseChoice {
	url: string
	token: string
}

export async function chooseDatabase(
	context: WizardContext,
	filePath: string,
): Promise<DatabaseChoice | undefined> {
	const { ask, texts } = context
	const words = texts.database
	const kind = await ask.select(words.question, [
		{ value: 'file', label: words.file, hint: filePath },
		{ value: 'turso', label: words.turso },
	])
	return kind === 'file' ? undefined : enterDatabase(context)
}

async function enterDatabase(context: WizardContext): Promise<DatabaseChoice> {
	const { ask, texts } = context
	const words = texts.database
	const url = await ask.text({
		message: words.url,
		placeholder: words.urlHint,
		judge: text => (/^(?:file|libsql|https?):.+/.test(text) ? undefined : words.wrongUrl),
	})
	const token = await ask.secret({ message: words.token })
	const choice = { url, token }
	for (;;) {
		if (await connect(context, choice)) return choice
		const next = await ask.select(words.failed, [
			{ value: 'other', label: words.other },
			{ value: 'again', label: words.again },
		])
		if (next === 'other') return enterDatabase(context)
	}
}

/** Looks whether it is there, and changes nothing in it. */
function connect({ ask, texts }: WizardContext, { url, token }: DatabaseChoice): Promise<boolean> {
	const words = texts.database
	return ask.work(words.connecting, async work => {
		try {
			const database = await openDatabase({ url, ...(token && { authToken: token }) })
			try {
				const { version } = await readSchemaVersion(database)
				work.done(words.connected(database.label, version === 0 ? words.empty : words.schema(version)))
				return true
			} finally {
				database.close()
			}
		} catch (error) {
			const code = isDatabaseError(error) ? error.code : ''
			work.done(words.problem(code, error instanceof Error ? error.message : words.failed), false)
			return false
		}
	})
}
