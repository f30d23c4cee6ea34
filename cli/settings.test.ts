import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(() => {
	folder = createCliFolder()
})
afterEach(() => folder.remove())

const read = async () => JSON.parse((await folder.run('settings', '--json')).stdout).data

test('settings are listed, and changed one by one', async () => {
	expect((await folder.run('settings')).stdout).toMatch(/^strategy +failover$/m)
	expect(await folder.run('settings', 'set', 'recording.mode', 'all')).toMatchObject({
		...{ code: 0, stdout: 'set recording.mode "all"\n' },
	})
	expect(await folder.run('settings', 'set', 'RECORDING.days', '3')).toMatchObject({ code: 0 })
	expect((await read()).settings.recording).toMatchObject({ mode: 'all', days: 3 })
	expect((await folder.run('history')).stdout).toMatch(/^2 .* cli /m)
})

test.each([
	[['settings', 'set', 'recording.mdoe', 'all'], 3, /did you mean recording\.mode/],
	[['settings', 'set', 'recording.mode', 'some'], 2, /recording\.mode: /],
	[['settings', 'set', 'recording.days', '0'], 2, /recording\.days: /],
	[['settings', 'set', 'recording.mode'], 2, /takes a setting and a value/],
	[['settings', 'change'], 2, /list, set/],
])('refuses %j', async (argv, code, problem) => {
	expect(await folder.run(...argv)).toMatchObject({
		code,
		stdout: '',
		stderr: expect.stringMatching(problem),
	})
	expect((await read()).revision).toBe(0)
})
