import { expect, test } from 'vitest'
import { createRequestLog } from '../index.ts'
import { requestRecord } from '../test-support/samples.ts'
import { createServerTarget } from '../test-support/targets.ts'

const target = createServerTarget()

test('what comes while a batch is being written waits for company like everything else', async () => {
	const work: Promise<unknown>[] = []
	const log = createRequestLog({
		...{ database: await target.fresh(), delayMs: 60_000, defer: done => void work.push(done) },
	})
	const record = (count: number) => {
		for (let index = 0; index < count; index++) log.record(requestRecord(`req_${Math.random()}`))
	}
	record(1)
	await target.control({ fault: 'hold' })
	record(199)
	await expect.poll(target.held).toBe(1)
	record(5)
	await target.control({})
	await Promise.all(work)
	expect(log.stats()).toMatchObject({ written: 200, pending: 5 })
	await log.flush()
	expect(log.stats()).toMatchObject({ written: 205, pending: 0 })
})

test('whoever waits for what there is does not wait for what comes meanwhile', async () => {
	const database = await target.fresh()
	const log = createRequestLog({ database, delayMs: 60_000 })
	log.record(requestRecord('req_1'))
	await target.control({ fault: 'hold' })
	const flushed = log.flush()
	await expect.poll(target.held).toBe(1)
	log.record(requestRecord('req_2'))
	await target.control({})
	await flushed
	expect(log.stats()).toMatchObject({ written: 1, pending: 1 })
	await log.flush()
	expect(log.stats()).toMatchObject({ written: 2, pending: 0 })
})
