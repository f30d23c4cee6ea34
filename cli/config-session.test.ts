import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConfigSession } from './config-session.ts'
import { exitCodes } from './errors.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => folder.remove())

const input = { name: 'kimi', type: 'openai', baseUrl: 'https://api.example.com' }

test('a database that goes away after a change does not make the change look undone', async () => {
	const session = await openConfigSession(() => {})
	const { revision } = await session.repository.addUpstream(input, { author: 'cli' })
	session.database.close()
	await expect(session.read()).rejects.toMatchObject({
		exitCode: exitCodes.database,
		message: expect.stringMatching(
			`^the change is made \\(revision ${revision}\\), but the configuration could not be read after it: .*closed`,
		),
		hint: expect.stringContaining('do not repeat it'),
		details: { data: { made: true, revision } },
	})
})

test('before any change, and after one that was only tried, the error stays what it is', async () => {
	const session = await openConfigSession(() => {})
	await session.repository.importConfig('{"upstream":[]}', { mode: 'merge', dryRun: true })
	session.database.close()
	await expect(session.read()).rejects.toMatchObject({ name: 'DatabaseError', code: 'closed' })
})
