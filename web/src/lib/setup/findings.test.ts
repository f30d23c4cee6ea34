import { expect, it } from 'vitest'
import { en } from '../i18n/messages/en/index.ts'
import { listChecks, listSecrets, type SetupFacts } from './findings.ts'
import { isOver, readStep } from './steps.ts'

const facts: SetupFacts = {
	version: '1.0.0',
	mode: 'production',
	database: {
		...{ kind: 'file', label: 'file:/data/x.db', ok: true, error: null },
		schema: { version: 9, needed: 9 },
		...{ bytes: 69_632, freeBytes: 0 },
	},
	accessKey: 'good',
	adminKey: { own: true, strength: 'good' },
	maxDuration: 0,
	exposed: false,
}
const checks = (change: Partial<SetupFacts>) => listChecks({ ...facts, ...change }, en.setup)
const secrets = (change: Partial<SetupFacts>, protocol = 'https:') =>
	listSecrets({ ...facts, ...change }, en.setup, protocol)
const states = (findings: { state: string }[]) => findings.map(({ state }) => state)

it('has nothing against a server that is in order', () => {
	expect(states(checks({}))).toEqual(['ok', 'ok', 'ok', 'ok'])
	expect(states(secrets({}))).toEqual(['ok', 'ok', 'ok', 'ok'])
})

it('names the variables of a remote database that does not answer', () => {
	const database = {
		kind: 'remote',
		label: 'db.example',
		ok: false,
		error: 'no answer',
		schema: null,
		...{ bytes: null, freeBytes: null },
	} as const
	const found = checks({ database })
	expect(states(found)).toEqual(['ok', 'wrong', 'wrong', 'ok'])
	expect(found[1]).toMatchObject({ found: 'no answer' })
	expect(found[1]?.code).toContain('TURSO_DATABASE_URL')
})

it('gives the command for an older schema, and none for a newer one', () => {
	const withSchema = (version: number) =>
		checks({ database: { ...facts.database, schema: { version, needed: 9 } } })[2]
	expect(withSchema(8)).toMatchObject({ state: 'wrong', code: 'npm run db:migrate' })
	expect(withSchema(10)).toMatchObject({ state: 'wrong' })
	expect(withSchema(10)).not.toHaveProperty('code')
})

it('warns of answers that are cut off early', () => {
	expect(states(checks({ maxDuration: 60 }))[3]).toBe('advice')
	expect(states(checks({ maxDuration: 300 }))[3]).toBe('ok')
})

it('advises an admin key of its own', () => {
	const found = secrets({ adminKey: { own: false, strength: 'good' } })[1]
	expect(found).toMatchObject({ state: 'advice', code: expect.stringContaining('openssl') })
})

it('is stricter where others can reach the server', () => {
	expect(states(secrets({ accessKey: 'weak' }))[0]).toBe('advice')
	expect(states(secrets({ accessKey: 'weak', exposed: true }))[0]).toBe('wrong')
	expect(states(secrets({ accessKey: 'known' }))[0]).toBe('wrong')
	expect(secrets({ exposed: true }, 'http:')[3]).toHaveProperty('fix')
	expect(secrets({ exposed: true })[3]).not.toHaveProperty('fix')
})

it('leads to the upstream before the client, and away once there is one', () => {
	const at = (step: string) => new URLSearchParams({ step })
	expect(readStep(at('connect'), false)).toBe('upstream')
	expect(readStep(at('connect'), true)).toBe('connect')
	expect(readStep(at('nonsense'), false)).toBe('check')
	expect(isOver(at('check'), true)).toBe(true)
	expect(isOver(at('connect'), true)).toBe(false)
	expect(isOver(at('check'), false)).toBe(false)
})
