import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { migrateDatabase, openDatabase, takeFromWindow } from '../../../db/index.ts'
import { RateLease, type Verdict } from './lease.ts'

const closing: (() => void)[] = []
afterEach(() => {
	for (const close of closing.splice(0)) close()
})

async function openTestDatabase() {
	const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-lease-'))
	const database = await openDatabase({ url: `file:${folder}/test.db` })
	closing.push(() => {
		database.close()
		rmSync(folder, { recursive: true })
	})
	await migrateDatabase(database)
	return database
}

/** A clock that stands still unless told. */
function createClock() {
	let now = 1000
	const timers: { at: number; run: () => void }[] = []
	return {
		now: () => now,
		elapsed: () => now,
		after(ms: number, run: () => void) {
			const timer = { at: now + ms, run }
			timers.push(timer)
			return () => void timers.splice(timers.indexOf(timer), 1)
		},
		pass(ms: number) {
			now += ms
			for (const timer of timers.filter(({ at }) => at <= now)) timer.run()
		},
	}
}

const passes = (verdicts: readonly Verdict[]) => verdicts.filter(({ passed }) => passed).length

describe('RateLease', () => {
	test('while the database is away an instance keeps to its share of the limit', async () => {
		const database = await openTestDatabase()
		const clock = createClock()
		const limit = 40
		const windowMs = 60_000
		let away = false
		const take: ConstructorParameters<typeof RateLease>[0]['take'] = request =>
			away ? Promise.reject(new Error('away')) : takeFromWindow(database, { subject: 's', ...request })
		const busy = new RateLease({ clock, limit, windowMs, take })
		const quiet = new RateLease({ clock, limit, windowMs, take })
		for (let index = 0; index < 20; index++) await (index % 4 === 1 ? quiet : busy).ask()
		away = true
		clock.pass(1500)
		const later = async (lease: RateLease) => {
			const verdicts: Verdict[] = []
			for (let index = 0; index < 50; index++) verdicts.push(await lease.ask())
			return verdicts
		}
		const [ofBusy, ofQuiet] = [await later(busy), await later(quiet)]
		// With what they let pass before, no more than the limit, and the busier one has the greater part of it.
		expect(15 + passes(ofBusy) + 5 + passes(ofQuiet)).toBeLessThanOrEqual(limit)
		expect(passes(ofBusy)).toBeGreaterThan(passes(ofQuiet))
		expect(passes(ofQuiet)).toBeGreaterThan(0)
		const refused = ofBusy.find(({ passed }) => !passed)
		expect(refused).toMatchObject({ retryInMs: expect.any(Number) })
	})

	test('a database that never answers holds a request up for a second at most, and the next ones not at all', async () => {
		const clock = createClock()
		const take = () => new Promise<never>(() => {})
		const lease = new RateLease({ clock, limit: 2, windowMs: 60_000, take })
		const first = lease.ask()
		clock.pass(1000)
		expect(await first).toMatchObject({ passed: true, remaining: 1 })
		expect(lease.ask()).toMatchObject({ passed: true, remaining: 0 })
		expect(lease.ask()).toMatchObject({ passed: false })
	})

	describe('rights that come after their time', () => {
		/** Answers each question after as long as told, remembers what was asked, and tells what is booked. */
		async function start(limit: number) {
			const database = await openTestDatabase()
			const clock = createClock()
			let delays = [0]
			const asked: Parameters<typeof takeFromWindow>[1][] = []
			const lease = new RateLease({
				...{ clock, limit, windowMs: 1000 },
				async take(request) {
					const whole = { subject: 's', ...request }
					asked.push(whole)
					const grant = await takeFromWindow(database, whole)
					clock.pass(delays[0] as number)
					if (delays.length > 1) delays.shift()
					return grant
				},
			})
			const booked = async () => {
				const [row] = await database.execute('SELECT coalesce(sum(count), 0) AS sum FROM rate_windows')
				return Number(row?.sum)
			}
			return {
				...{ clock, lease, asked, booked },
				/** The last one from then on. */
				answerAfter(...ms: number[]) {
					delays = ms
				},
			}
		}

		test('go back, and the next lease is long enough for a database so slow', async () => {
			const { lease, asked, booked, answerAfter } = await start(100)
			answerAfter(50)
			expect(await lease.ask()).toMatchObject({ passed: true })
			expect(asked).toHaveLength(2)
			expect(asked[0]).toMatchObject({ leaseMs: 20 })
			expect(asked[1]).toMatchObject({ leaseMs: 100, returned: { count: 1 } })
			expect(await booked()).toBe(1)
			// It stays long while the database is slow, and becomes short again when it is not.
			await lease.ask()
			expect(asked).toHaveLength(3)
			answerAfter(0)
			for (let count = 0; count < 40; count++) await lease.ask()
			expect(asked.at(-1)?.leaseMs).toBeLessThan(100)
		})

		test('are never used: when they come later and later, the database counts as away, and they are given back', async () => {
			const { clock, lease, asked, booked, answerAfter } = await start(100)
			answerAfter(30, 100, 400, 0)
			expect(await lease.ask()).toMatchObject({ passed: true })
			expect(asked.map(({ leaseMs }) => leaseMs)).toEqual([20, 60, 200])
			// Without asking.
			expect(lease.ask()).toMatchObject({ passed: true })
			expect(await booked()).toBe(1)
			clock.pass(2000)
			await lease.ask()
			expect(asked[3]).toMatchObject({ returned: { count: 1 } })
			expect(await booked()).toBe(1)
		})

		test('that are none are a refusal as good as any', async () => {
			const { lease, asked, answerAfter } = await start(1)
			await lease.ask()
			answerAfter(500)
			expect(await lease.ask()).toMatchObject({ passed: false })
			expect(asked).toHaveLength(2)
		})
	})
})
