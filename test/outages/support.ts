import { expect } from 'vitest'
import type { Health } from '../../api/_app/routes/health.ts'
import type { HranaProcess } from '../support/hrana-server.ts'
import { accessKey } from '../support/proxy.ts'

export const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678'] as const

/** What must never be told, whatever goes wrong. */
const secrets = [...keys, accessKey, 'test-token', 'an encryption key for tests only']

export function expectNoSecret(text: string): void {
	for (const secret of secrets) expect(text).not.toContain(secret)
}

/** `GET /health`, as anybody may ask for it. */
export async function readHealth(url: string): Promise<Health & { http: number }> {
	const response = await fetch(`${url}/health`)
	const text = await response.text()
	expectNoSecret(text)
	return { ...(JSON.parse(text) as Health), http: response.status }
}

/** Asks until the proxy says so by itself; a failing test shows the last answer. */
export async function untilHealth(url: string, expected: object): Promise<Health> {
	await expect.poll(() => readHealth(url), { interval: 50 }).toMatchObject(expected)
	return readHealth(url)
}

/** Variables of a proxy that uses this server. */
export function onServer(server: HranaProcess): Record<string, string> {
	return { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
}
