import { expect, test } from 'vitest'
import { createConfigRepository, createRequestLog } from '../index.ts'
import { byCli, keyRing, requestRecord, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { demotionStatements } from './key-health.ts'

describeTargets('the overview', target => {
	async function start() {
		const database = await target.fresh()
		const repository = createConfigRepository(database, keyRing)
		const keys = ['sk-aaaaaaaaaaaaaaaa1', 'sk-bbbbbbbbbbbbbbbb2']
		const { id, added } = await repository.addUpstream(upstreamInput(), byCli, keys)
		const [first = '', second = ''] = added.map(key => key.id)
		return { database, repository, id, first, second }
	}

	test('tells the use of the last 24 hours, by the hour', async () => {
		const { database, repository, id, first } = await start()
		const { config, traffic: none } = await repository.readOverview()
		expect(none).toEqual({ from: expect.any(Number), upstreams: [] })
		const log = createRequestLog({ database, delayMs: 0 })
		const hour = Math.floor(config.now / 3_600_000)
		const at = (hoursAgo: number) => (hour - hoursAgo) * 3_600_000
		const of = { upstreamId: id, keyId: first }
		log.record(requestRecord('req_1', { ...of, at: at(0) }))
		log.record(requestRecord('req_2', { ...of, at: at(0), status: 500, outcome: 'server' }))
		log.record(requestRecord('req_3', { ...of, at: at(22) }))
		log.record(requestRecord('req_4', { ...of, at: at(30) }))
		log.record(requestRecord('req_5', { upstreamId: undefined, keyId: undefined, at: at(0), status: 503 }))
		await log.flush()
		const { traffic } = await repository.readOverview()
		const [upstream] = traffic.upstreams
		expect(traffic.upstreams).toHaveLength(1)
		expect(upstream).toMatchObject({ upstreamId: id, requests: 3, failed: 1 })
		const index = (at(0) - traffic.from) / 3_600_000
		expect([upstream?.sparkline[index], upstream?.errors[index], upstream?.sparkline[index - 22]]).toEqual([
			...[2, 1, 1],
		])
		expect([upstream?.sparkline.length, upstream?.errors.length]).toEqual([24, 24])
	})

	test('tells when a key was used last', async () => {
		const { database, repository, id, first } = await start()
		const log = createRequestLog({ database, delayMs: 0 })
		const now = (await repository.read()).now
		log.record(requestRecord('req_1', { upstreamId: id, keyId: first, at: now - 5000 }))
		log.record(requestRecord('req_2', { upstreamId: id, keyId: first, at: now - 9000 }))
		await log.flush()
		const { config } = await repository.readOverview()
		expect(config.upstreams[0]?.keys.map(({ lastUsedAt }) => lastUsedAt)).toEqual([now - 5000, 0])
	})

	test('tells which keys were demoted, until they are put back or ordered by hand', async () => {
		const { database, repository, id, first, second } = await start()
		const demoted = async () =>
			(await repository.readOverview()).config.upstreams[0]?.keys
				.filter(key => key.demoted)
				.map(key => key.id)
		expect(await demoted()).toEqual([])
		const failure = { keyId: first, status: 402, failureClass: 'quota' as const, message: 'no credit' }
		const demote = () =>
			database.batch(demotionStatements({ upstreamId: id, keys: [failure], workedId: second }, 0))
		await demote()
		expect(await demoted()).toEqual([first])
		await repository.undoDemotion(first, byCli)
		expect(await demoted()).toEqual([])
		await demote()
		expect(await demoted()).toEqual([first])
		await repository.reorderKeys(id, [first, second], byCli)
		expect(await demoted()).toEqual([])
	})
})
