import { describe, expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

describe('readEnvironment', () => {
	test('has a default for everything, and takes empty variables for absent ones', () => {
		const result = readEnvironment({ PORT: '', LOG_LEVEL: ' ', UNRELATED: 'x' })
		expect(result).toMatchObject({
			ok: true,
			environment: {
				PORT: 3000,
				HOST: '127.0.0.1',
				NODE_ENV: 'development',
				TURSO_DATABASE_URL: 'file:data/claude-proxy.db',
				LOAD_BALANCE_STRATEGY: 'failover',
				REQUEST_TIMEOUT: 300_000,
				MAX_CONCURRENT_REQUESTS: 100,
				ENABLE_CORS: true,
				CORS_ORIGIN: '*',
				ENABLE_RATE_LIMIT: false,
				HEALTH_CHECK_PATH: '/health',
				MAX_BODY_MB: 32,
			},
		})
	})

	test('reads numbers and flags', () => {
		const result = readEnvironment({
			PORT: '8080',
			ENABLE_CORS: 'false',
			ENABLE_RATE_LIMIT: 'TRUE',
			MAX_BODY_MB: '1',
		})
		expect(result).toMatchObject({
			environment: { PORT: 8080, ENABLE_CORS: false, ENABLE_RATE_LIMIT: true, MAX_BODY_MB: 1 },
		})
	})

	test('names every wrong variable at once and what it may be', () => {
		const result = readEnvironment({
			PORT: '99999',
			LOG_LEVEL: 'loud',
			ENABLE_CORS: 'perhaps',
			LOAD_BALANCE_STRATEGY: 'fastest',
			REQUEST_TIMEOUT: '30s',
			HEALTH_CHECK_PATH: '/v1/messages',
		})
		expect(result).toEqual({
			ok: false,
			problems: expect.arrayContaining([
				'PORT must be a whole number from 0 to 65535, not "99999"',
				'LOG_LEVEL must be one of error, warn, info, debug, not "loud"',
				'ENABLE_CORS must be true or false, not "perhaps"',
				'LOAD_BALANCE_STRATEGY must be one of failover, round-robin, random, not "fastest"',
				'REQUEST_TIMEOUT must be a whole number from 1 to 86400000, not "30s"',
				'HEALTH_CHECK_PATH must not lie under /v1/ or /api/, not "/v1/messages"',
			]),
		})
	})

	test('takes origins without paths for the admin API, and no wildcard', () => {
		expect(readEnvironment({ ADMIN_ORIGINS: 'https://a.example, http://localhost:5173,' })).toMatchObject({
			environment: { ADMIN_ORIGINS: ['https://a.example', 'http://localhost:5173'] },
		})
		for (const wrong of ['*', 'a.example', 'https://a.example/', 'https://a.example/admin', 'null']) {
			expect(readEnvironment({ ADMIN_ORIGINS: wrong })).toMatchObject({
				problems: [expect.stringContaining('ADMIN_ORIGINS must be a comma-separated list of origins')],
			})
		}
	})

	test('never shows the value of a secret or of a URL that may hold one', () => {
		const result = readEnvironment({ TURSO_DATABASE_URL: 'postgres://user:secret@host' })
		expect(JSON.stringify(result)).not.toContain('secret')
		expect(result).toEqual({
			ok: false,
			problems: ['TURSO_DATABASE_URL must start with file:, libsql:, https: or http:'],
		})
	})
})
