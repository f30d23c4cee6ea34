import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generateEncryptionKey, joinRing, listRingIds, openDatabase } from '../db/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const key = 'sk-first-0123456789-aaaa'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'a', 'openai', 'https://a.example', '--key', key)
})
afterEach(() => folder.remove())

const envPath = () => join(folder.path, '.env')
const readEnv = () => parseEnv(readFileSync(envPath(), 'utf8'))
const setRing = (ring: string) => {
	const text = readFileSync(envPath(), 'utf8')
	writeFileSync(
		envPath(),
		text.replace(/^ENCRYPTION_KEY=.*$/m, () => `ENCRYPTION_KEY=${ring}`),
	)
}
const keyStates = async () => (await folder.data('key', 'a', 'list')).keys.map(({ state }) => state)

describe('db rotate-key', () => {
	test('goes from one key to another, step by step as it says', async () => {
		writeFileSync(envPath(), `# mine\n${readFileSync(envPath(), 'utf8')}export OTHER="x"\n`)
		const before = readEnv()
		const [older = ''] = listRingIds(before.ENCRYPTION_KEY!)
		const added = await folder.run('db', 'rotate-key', '--new')
		expect(added).toMatchObject({ code: 0, stderr: '' })
		const [newer = '', second] = listRingIds(readEnv().ENCRYPTION_KEY!)
		expect(second).toBe(older)
		expect(added.stdout).toContain(`ENCRYPTION_KEY now has ${newer} in front of ${older}`)
		expect(readEnv()).toEqual({ ...before, ENCRYPTION_KEY: readEnv().ENCRYPTION_KEY })
		expect(readFileSync(envPath(), 'utf8')).toMatch(/^# mine\n/)
		const [backup = ''] = readdirSync(folder.path).filter(name => name.startsWith('.env.backup-'))
		expect(parseEnv(readFileSync(join(folder.path, backup), 'utf8'))).toEqual(before)
		expect(statSync(join(folder.path, backup)).mode & 0o777).toBe(0o600)
		expect(added.stdout).not.toContain(readEnv().ENCRYPTION_KEY)
		expect(await keyStates()).toEqual(['ready'])

		expect(await folder.run('db', 'rotate-key', '--new')).toMatchObject({
			...{ code: 2, stderr: expect.stringContaining('a rotation is under way') },
		})
		const dry = await folder.run('db', 'rotate-key', '--dry-run')
		expect(dry.stdout).toBe(
			`to be sealed with ${newer}: 1 keys, 1 keys in history, 0 webhooks, 0 recorded bodies\n`,
		)
		const done = await folder.run('db', 'rotate-key')
		expect(done.stdout).toMatch(
			new RegExp(
				`^sealed with ${newer}: 1 keys, 1 keys in history, 0 webhooks, 0 recorded bodies\n${older} of ENCRYPTION_KEY opens nothing`,
			),
		)
		setRing(readEnv().ENCRYPTION_KEY!.split(',')[0]!)
		expect(await keyStates()).toEqual(['ready'])
		expect((await folder.run('db', 'rotate-key')).stdout).toMatch(
			`everything is sealed with ${newer} already`,
		)
	})

	test('a passphrase as ENCRYPTION_KEY can be followed by a key', async () => {
		const passphrase = createCliFolder({ ENCRYPTION_KEY: 'a long random text without colon' })
		try {
			await passphrase.run('add', 'a', 'openai', 'https://a.example', '--key', key)
			expect(await passphrase.run('db', 'rotate-key', '--new')).toMatchObject({ code: 0 })
			expect(await passphrase.run('db', 'rotate-key')).toMatchObject({
				...{ code: 0, stdout: expect.stringContaining('1 keys, 1 keys in history') },
			})
			expect((await passphrase.data('key', 'a', 'list')).keys).toMatchObject([{ state: 'ready' }])
		} finally {
			passphrase.remove()
		}
	})

	test('names keys that cannot be opened, and goes on with the others', async () => {
		const ring = readEnv().ENCRYPTION_KEY!
		const stranger = generateEncryptionKey()
		setRing(stranger)
		await folder.run('key', 'a', 'add', 'sk-second-0123456789-bbbb')
		const made = generateEncryptionKey()
		setRing(joinRing(made, ring))
		expect(await keyStates()).toEqual(['ready', 'unreadable'])
		const { code, stdout } = await folder.run('db', 'rotate-key', '--json')
		const [sealedWith = ''] = listRingIds(stranger)
		expect({ code, ...JSON.parse(stdout).data }).toMatchObject({
			...{ code: 0, complete: false, keyId: listRingIds(made)[0] },
			lost: [
				{ place: 'keys', mask: 'sk-…bbbb', sealedWith },
				{ place: 'keys in history', mask: 'sk-…bbbb', sealedWith },
			],
		})
		expect((await folder.run('db', 'rotate-key')).stdout).toMatch(
			/sk-…bbbb \(keys\) cannot be opened.*\n.*\n.*\nkeep /,
		)
		expect(await keyStates()).toEqual(['ready', 'unreadable'])
	})

	test('does not touch .env where the key comes from elsewhere, and tells the order of steps', async () => {
		const ring = readEnv().ENCRYPTION_KEY!
		const before = readFileSync(envPath(), 'utf8')
		const variables = { ENCRYPTION_KEY: ring }
		const { code, stdout } = await folder.spawn(['db', 'rotate-key', '--new'], { variables })
		expect(code).toBe(0)
		const rings = [...stdout.matchAll(/ENCRYPTION_KEY=(\S+)/g)].map(([, text]) => listRingIds(text!))
		const [older] = listRingIds(ring)
		const newer = rings[2]![0]
		expect(rings).toEqual([[older, newer], [newer, older], [newer]])
		expect(readFileSync(envPath(), 'utf8')).toBe(before)
	})

	test('refuses a database of a newer version, and options that mean nothing', async () => {
		const database = await openDatabase({ url: `file:${join(folder.path, 'data/claude-proxy.db')}` })
		await database.execute(`INSERT INTO schema_migrations VALUES (99999, 'later', '', 0)`)
		database.close()
		expect(await folder.run('db', 'rotate-key')).toMatchObject({
			...{ code: 5, stderr: expect.stringContaining('has schema 99999') },
		})
		expect(await folder.run('db', 'status', '--new')).toMatchObject({ code: 2 })
		expect(await folder.run('db', 'rotate-key', '--new', '--dry-run')).toMatchObject({ code: 2 })
		expect(await folder.run('db', 'rotate-key', 'now')).toMatchObject({ code: 2 })
	})
})
