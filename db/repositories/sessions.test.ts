import { expect, test } from 'vitest'
import { createSessions, type Database } from '../index.ts'
import { describeTargets } from '../test-support/targets.ts'

const hour = 3_600_000
const keys = { adminKey: 'the admin key', encryptionKey: 'the encryption key' }

/** Moves all sessions into the past. */
const age = (database: Database, ms: number) =>
	database.execute(
		'UPDATE admin_sessions SET created_at = created_at - ?1, expires_at = expires_at - ?1, last_seen_at = last_seen_at - ?1',
		[ms],
	)

describeTargets('sessions', target => {
	test('a token opens its session until it expires, on every instance', async () => {
		const [one, other] = [await target.fresh(), await target.open()]
		const { token, session } = await createSessions(one, keys).create({
			lifetimeMs: hour,
			userAgent: 'Firefox',
		})
		expect(session).toMatchObject({ userAgent: 'Firefox', id: expect.stringMatching(/^session_\w{24}$/) })
		expect(session.expiresAt - session.createdAt).toBe(hour)
		expect(token).toMatch(/^[\w-]{43}$/)
		const sessions = createSessions(other, keys)
		expect(await sessions.find(token)).toEqual(session)
		expect(await sessions.find(`${token.slice(0, -1)}~`)).toBeUndefined()
		await age(one, hour)
		expect(await sessions.find(token)).toBeUndefined()
		expect(await sessions.list()).toEqual([])
	})

	test('neither the token nor the keys are stored', async () => {
		const database = await target.fresh()
		const { token } = await createSessions(database, keys).create({ lifetimeMs: hour, userAgent: '' })
		const stored = JSON.stringify(await database.execute('SELECT * FROM admin_sessions'))
		for (const secret of [token, keys.adminKey, keys.encryptionKey]) expect(stored).not.toContain(secret)
	})

	test('another admin key, or another ENCRYPTION_KEY, ends all sessions', async () => {
		const database = await target.fresh()
		const { token } = await createSessions(database, keys).create({ lifetimeMs: hour, userAgent: '' })
		for (const change of [{ adminKey: 'another' }, { encryptionKey: 'another' }]) {
			const later = createSessions(database, { ...keys, ...change })
			expect(await later.find(token)).toBeUndefined()
			expect(await later.list()).toEqual([])
		}
		expect(await createSessions(database, keys).find(token)).toBeDefined()
	})

	test('sessions are listed newest first, and end one by one or all but one', async () => {
		const database = await target.fresh()
		const sessions = createSessions(database, keys)
		const made = []
		for (const userAgent of ['a', 'b', 'c']) made.push(await sessions.create({ lifetimeMs: hour, userAgent }))
		expect((await sessions.list()).map(({ userAgent }) => userAgent)).toEqual(['c', 'b', 'a'])
		expect(await sessions.revoke(made[0]!.session.id)).toBe(true)
		expect(await sessions.revoke(made[0]!.session.id)).toBe(false)
		expect(await sessions.revokeOthers(made[1]!.session.id)).toBe(1)
		const alive = await Promise.all(made.map(({ token }) => sessions.find(token)))
		expect(alive.map(session => session !== undefined)).toEqual([false, true, false])
	})

	test('when it was last seen is written once a minute', async () => {
		const database = await target.fresh()
		const sessions = createSessions(database, keys)
		const { token, session } = await sessions.create({ lifetimeMs: hour, userAgent: '' })
		const lastSeen = async () => (await sessions.list())[0]?.lastSeenAt
		await age(database, 50_000)
		await sessions.find(token)
		expect(await lastSeen()).toBe(session.lastSeenAt - 50_000)
		await age(database, 11_000)
		await sessions.find(token)
		expect(await lastSeen()).toBeGreaterThanOrEqual(session.lastSeenAt)
	})

	test('at most 100 are kept: the oldest go, and the expired before them', async () => {
		const database = await target.fresh()
		const sessions = createSessions(database, keys)
		const expired = await sessions.create({ lifetimeMs: 1, userAgent: 'expired' })
		await age(database, 10)
		const first = await sessions.create({ lifetimeMs: hour, userAgent: 'first' })
		const second = await sessions.create({ lifetimeMs: hour, userAgent: 'second' })
		for (let count = 0; count < 99; count++) await sessions.create({ lifetimeMs: hour, userAgent: 'more' })
		expect(await sessions.find(expired.token)).toBeUndefined()
		expect(await sessions.find(first.token)).toBeUndefined()
		expect(await sessions.find(second.token)).toBeDefined()
		expect(await sessions.list()).toHaveLength(100)
		expect(await database.execute('SELECT count(*) AS n FROM admin_sessions')).toEqual([{ n: 100 }])
	})
})
