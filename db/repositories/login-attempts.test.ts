import { expect, test } from 'vitest'
import {
	type AttemptState,
	addressRule,
	beginAttempt,
	countAttempt,
	type Database,
	everyone,
	forgiveAttempt,
	globalRule,
	listLoginFailures,
} from '../index.ts'
import { describeTargets } from '../test-support/targets.ts'

/** As if so much time had passed. */
const pass = (database: Database, ms: number) =>
	database.execute('UPDATE login_attempts SET at = at - ?1, blocked_until = max(0, blocked_until - ?1)', [ms])

const readState = async (database: Database, subject: string) => {
	const [row] = await database.execute(
		'SELECT failures, blocked_until FROM login_attempts WHERE subject = ?',
		[subject],
	)
	return row && { failures: Number(row.failures), blockedUntil: Number(row.blocked_until) }
}

describeTargets('wrong keys', target => {
	test('five are free, then each waits twice as long, up to a quarter of an hour', async () => {
		const database = await target.fresh()
		const waits: number[] = []
		for (let count = 0; count < 18; count++) {
			const { allowed, waitMs } = await beginAttempt(database, '192.0.2.1')
			expect(allowed).toBe(true)
			waits.push(Math.round(waitMs / 1000))
			await pass(database, waitMs)
		}
		expect(waits.slice(0, 10)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32])
		expect(waits.slice(-3)).toEqual([900, 900, 900])
	})

	test('during a wait none is judged or counted, and other addresses are free', async () => {
		const database = await target.fresh()
		for (let count = 0; count < 12; count++) {
			const { waitMs } = await beginAttempt(database, '192.0.2.1')
			if (count < 11) await pass(database, waitMs)
		}
		const before = await readState(database, everyone)
		const refused = await beginAttempt(database, '192.0.2.1')
		expect(refused.allowed).toBe(false)
		expect(refused.waitMs).toBeGreaterThan(1000)
		expect(await readState(database, everyone)).toEqual(before)
		expect(await beginAttempt(database, '192.0.2.2')).toEqual({ allowed: true, waitMs: 0 })
	})

	test('of a hundred at the same moment, over two connections, one is judged', async () => {
		const [one, other] = [await target.fresh(), await target.open()]
		for (let count = 0; count < 12; count++) {
			const { waitMs } = await beginAttempt(one, '192.0.2.1')
			await pass(one, waitMs)
		}
		const attempts = await Promise.all(
			Array.from({ length: 100 }, (_, index) => beginAttempt(index % 2 === 0 ? one : other, '192.0.2.1')),
		)
		expect(attempts.filter(({ allowed }) => allowed)).toHaveLength(1)
	})

	test('a right key clears the address and is no failure for all', async () => {
		const database = await target.fresh()
		for (let count = 0; count < 3; count++) await beginAttempt(database, '192.0.2.1')
		await beginAttempt(database, '192.0.2.2')
		await forgiveAttempt(database, '192.0.2.1')
		expect(await readState(database, '192.0.2.1')).toBeUndefined()
		expect(await readState(database, everyone)).toEqual({ failures: 3, blockedUntil: 0 })
	})

	test('guessing from many addresses makes everybody wait, ten seconds at most', async () => {
		const database = await target.fresh()
		for (let count = 1; count < globalRule.free; count++) {
			expect(await beginAttempt(database, `192.0.2.${count}`)).toEqual({ allowed: true, waitMs: 0 })
		}
		const waits: number[] = []
		for (let count = 0; count < 6; count++) {
			const { allowed, waitMs } = await beginAttempt(database, `198.51.100.${count}`)
			expect(allowed).toBe(true)
			waits.push(Math.round(waitMs / 1000))
			if (count < 5) await pass(database, waitMs)
		}
		expect(waits).toEqual([1, 2, 4, 8, 10, 10])
		expect(await beginAttempt(database, '203.0.113.1')).toMatchObject({ allowed: false })
	})

	test('after an hour it is forgotten', async () => {
		const database = await target.fresh()
		for (let count = 0; count < 4; count++) await beginAttempt(database, '192.0.2.1')
		await pass(database, 3_600_000)
		expect(await beginAttempt(database, '192.0.2.1')).toEqual({ allowed: true, waitMs: 0 })
		expect(await readState(database, '192.0.2.1')).toMatchObject({ failures: 1 })
	})

	test('are listed with who waits, until they are forgiven or forgotten', async () => {
		const database = await target.fresh()
		expect(await listLoginFailures(database)).toMatchObject({ addresses: [], everyone: null })
		for (let count = 0; count < 12; count++) {
			const { waitMs } = await beginAttempt(database, '192.0.2.1')
			if (count < 11) await pass(database, waitMs)
		}
		// Within one millisecond neither would be the latest.
		await pass(database, 1)
		await beginAttempt(database, '2001:db8:0:1::/64')
		const listed = await listLoginFailures(database)
		expect(listed.addresses.map(({ address, failures }) => [address, failures])).toEqual([
			['2001:db8:0:1::/64', 1],
			['192.0.2.1', 12],
		])
		expect(listed.addresses[0]?.blockedUntil).toBe(null)
		expect(listed.addresses[1]?.blockedUntil).toBeGreaterThan(listed.now)
		expect(listed.everyone).toMatchObject({ failures: 13, blockedUntil: null })
		await forgiveAttempt(database, '192.0.2.1')
		expect((await listLoginFailures(database)).addresses).toHaveLength(1)
		await pass(database, 3_600_000)
		expect(await listLoginFailures(database)).toMatchObject({ addresses: [], everyone: null })
	})

	test('the rule for one instance says the same as the one in SQL', async () => {
		const database = await target.fresh()
		let state: AttemptState | undefined
		let now = 1_000_000
		for (let count = 0; count < 20; count++) {
			const { waitMs } = await beginAttempt(database, '192.0.2.1')
			state = countAttempt(state, addressRule, now)
			const stored = await readState(database, '192.0.2.1')
			expect(stored?.failures).toBe(state.failures)
			expect(Math.abs(waitMs - Math.max(0, state.blockedUntil - now))).toBeLessThan(500)
			const passed = count === 9 ? 4_000_000 : waitMs
			await pass(database, passed)
			now += passed
		}
	})
})
