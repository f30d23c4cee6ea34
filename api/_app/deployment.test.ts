import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { chooseDatabase, readDeployment, vercelMaxDuration } from './deployment.ts'

const complete = {
	...{ PROXY_ACCESS_KEY: 'a key', ENCRYPTION_KEY: 'another', TURSO_DATABASE_URL: 'libsql://own.example' },
	...{ TURSO_AUTH_TOKEN: 'token', VERCEL: '1', VERCEL_ENV: 'production' },
}

test('production uses the database it is given, in production mode, with the platform’s time limit', () => {
	expect(readDeployment(complete)).toMatchObject({
		ok: true,
		environment: {
			...{ NODE_ENV: 'production', MAX_DURATION: vercelMaxDuration },
			...{ TURSO_DATABASE_URL: 'libsql://own.example', TURSO_AUTH_TOKEN: 'token' },
		},
	})
	expect(readDeployment({ ...complete, MAX_DURATION: '800' })).toMatchObject({
		environment: { MAX_DURATION: 800 },
	})
})

test.each([
	['no access key', { PROXY_ACCESS_KEY: '' }, /set PROXY_ACCESS_KEY/],
	['no encryption key', { ENCRYPTION_KEY: ' ' }, /set PROXY_ACCESS_KEY, ENCRYPTION_KEY/],
	['no database', { TURSO_DATABASE_URL: undefined }, /TURSO_DATABASE_URL/],
	['a file', { TURSO_DATABASE_URL: 'file:data/x.db' }, /would be lost/],
	['the documented key', { PROXY_ACCESS_KEY: 'your-proxy-access-key' }, /everybody knows it/],
	['a wrong variable', { MAX_BODY_MB: 'much' }, /MAX_BODY_MB must be/],
])('%s is refused, and the message says what to do', (_name, change, message) => {
	const read = readDeployment({ ...complete, ...change })
	expect(read).toEqual({ ok: false, problem: expect.stringMatching(message) })
})

test('a preview never gets the production database, not even when it has none', () => {
	const preview = { ...complete, VERCEL_ENV: 'preview' }
	const refused = readDeployment(preview)
	expect(refused).toEqual({ ok: false, problem: expect.stringContaining('PREVIEW_TURSO_DATABASE_URL') })
	expect(chooseDatabase(preview).url).toBeUndefined()
	const own = { PREVIEW_TURSO_DATABASE_URL: 'libsql://preview.example' }
	const { environment } = readDeployment({ ...preview, ...own }) as { environment: Record<string, unknown> }
	expect(environment.TURSO_DATABASE_URL).toBe('libsql://preview.example')
	// A token of production would be sent to the other database.
	expect(environment.TURSO_AUTH_TOKEN).toBeUndefined()
})

test('vercel.json gives the function the time that it reckons with', () => {
	const config = JSON.parse(readFileSync(join(projectRoot, 'vercel.json'), 'utf8'))
	expect(config.functions['api/index.ts'].maxDuration).toBe(vercelMaxDuration)
})
