import { expect, test } from 'vitest'
import { createConfigRepository, createRequestLog, createTokenRates, type Database } from '../index.ts'
import { byCli, keyRing, requestRecord, upstreamInput } from '../test-support/samples.ts'
import { createServerTarget, describeTargets } from '../test-support/targets.ts'

const MODEL = 'kimi-k2'

async function addUpstream(database: Database, name?: string): Promise<string> {
	const { id } = await createConfigRepository(database, keyRing).addUpstream(upstreamInput(name), byCli)
	return id
}

/** The rates of one process, fed and stored as the proxy does it. */
function openRates(database: Database) {
	const rates = createTokenRates({ database, waitMs: 60_000 })
	const log = createRequestLog({
		database,
		alongside: rows =>
			rates.statements(rows.map(row => ({ upstreamId: row.upstreamId ?? null, model: row.upstreamModel }))),
	})
	let count = 0
	return {
		...{ rates, log },
		see(upstreamId: string, input: number, changes: Parameters<typeof requestRecord>[1] = {}) {
			count++
			const usage = { input_tokens: input, output_tokens: 5 }
			const record = requestRecord(`req_${upstreamId}_${Math.random()}_${count}`, {
				...{ upstreamId, upstreamModel: MODEL, usage, estimatedInputTokens: 20_000 },
				...changes,
			})
			rates.observe(record)
			log.record(record)
		},
	}
}

describeTargets('token rates', target => {
	test('are learnt at once, and another process starts from them', async () => {
		const database = await target.fresh()
		const id = await addUpstream(database)
		const one = openRates(database)
		expect(one.rates.factor(id, MODEL)).toBe(1)
		await one.rates.ready()
		for (let times = 0; times < 10; times++) one.see(id, 26_000)
		expect(one.rates.factor(id, MODEL)).toBeCloseTo(1.3, 2)
		expect(one.rates.factor(id, 'another')).toBe(1)
		await one.log.flush()

		const two = openRates(database)
		expect(two.rates.wants(id)).toBe(false)
		await two.rates.ready()
		expect(two.rates.wants(id)).toBe(true)
		expect(two.rates.factor(id, MODEL)).toBeCloseTo(one.rates.factor(id, MODEL), 6)
	})

	test('cached tokens count as input', async () => {
		const database = await target.fresh()
		const id = await addUpstream(database)
		const { rates, see } = openRates(database)
		await rates.ready()
		const usage = { ...{ input_tokens: 2000, output_tokens: 5 }, ...{ cache_read_input_tokens: 20_000 } }
		for (let times = 0; times < 10; times++) {
			see(id, 0, { usage: { ...usage, cache_creation_input_tokens: 4000 } })
		}
		expect(rates.factor(id, MODEL)).toBeCloseTo(1.3, 2)
	})

	test('failed, refused and unmeasured requests teach nothing', async () => {
		const database = await target.fresh()
		const id = await addUpstream(database)
		const { rates, log, see } = openRates(database)
		await rates.ready()
		see(id, 40_000, { outcome: 'server', status: 502 })
		see(id, 40_000, { usage: undefined })
		const { estimatedInputTokens: _none, ...unmeasured } = requestRecord('req_x', { upstreamId: id })
		rates.observe(unmeasured)
		see(id, 40_000, { upstreamId: undefined })
		expect(rates.factor(id, MODEL)).toBe(1)
		await log.flush()
		expect(await database.execute('SELECT * FROM token_rates')).toEqual([])
	})

	test('of an upstream that is removed go with it, and its last requests are still logged', async () => {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const id = await addUpstream(database)
		const { rates, log, see } = openRates(database)
		await rates.ready()
		see(id, 26_000)
		await log.flush()
		expect(await database.execute('SELECT samples FROM token_rates')).toEqual([{ samples: 1 }])
		await repository.removeUpstream(id, byCli)
		expect(await database.execute('SELECT samples FROM token_rates')).toEqual([])
		see(id, 26_000)
		await log.flush()
		expect(log.stats()).toMatchObject({ written: 2, dropped: 0 })
		expect(await database.execute('SELECT samples FROM token_rates')).toEqual([])
	})

	test('are bounded, whatever models are asked for', async () => {
		const database = await target.fresh()
		const id = await addUpstream(database)
		const { rates, log, see } = openRates(database)
		await rates.ready()
		for (let index = 0; index < 700; index++) see(id, 26_000, { upstreamModel: `model-${index}` })
		see(id, 26_000, { upstreamModel: 'm'.repeat(5000) })
		await log.flush()
		const [row] = await database.execute(
			'SELECT count(*) AS rows, max(length(model)) AS longest FROM token_rates',
		)
		expect(row?.rows).toBeLessThanOrEqual(500)
		expect(row?.longest).toBe(200)
		expect(rates.factor(id, 'm'.repeat(5000))).toBeGreaterThan(1)
		expect(rates.factor(id, 'model-0')).toBe(1)
	})
})

const server = createServerTarget()
test('a database that is away costs a moment at most, and nothing is thrown', async () => {
	const database = await server.fresh()
	const id = await addUpstream(database)
	await server.control({ fault: '500' })
	const rates = createTokenRates({ database, waitMs: 60_000 })
	expect(rates.factor(id, MODEL)).toBe(1)
	await rates.ready()
	rates.observe(
		requestRecord('req_1', {
			...{ upstreamId: id, upstreamModel: MODEL, estimatedInputTokens: 20_000 },
			usage: { input_tokens: 26_000, output_tokens: 5 },
		}),
	)
	expect(rates.factor(id, MODEL)).toBeGreaterThan(1.2)
	await server.control({ fault: null })
})
