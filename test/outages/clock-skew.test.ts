import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../db/index.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { useProcesses } from './processes.ts'
import { keys, onServer, untilHealth } from './support.ts'

const processes = useProcesses()
let server: HranaProcess
let upstream: ScriptedUpstream
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream({ keys: [...keys] })])
	await processes.cli(['db', 'migrate'], onServer(server))
	await processes.cli(['add', 'scripted', 'openai', upstream.url], onServer(server))
	await processes.cli(['key', 'scripted', 'add', ...keys], onServer(server))
})
afterEach(() => Promise.all([server.stop(), upstream.close()]))

/** A proxy on a computer whose clock is wrong; its timers are not. */
const serveSkewed = (ms: number) =>
	processes.serve(onServer(server), { before: `const now = Date.now; Date.now = () => now() + ${ms}` })

test.each([
	[90_000, -90_000],
	[-90_000, 90_000],
])(
	'clocks that are off by %i and %i ms: a cooldown of one instance holds for the other',
	async (one, other) => {
		const [finder, follower] = await Promise.all([serveSkewed(one), serveSkewed(other)])
		upstream.keyFaults.set(keys[0], {
			...{ status: 429, headers: { 'retry-after': '60' }, body: { error: { message: 'Too fast' } } },
		})
		expect((await finder.ask()).status).toBe(200)
		await untilHealth(finder.url, { database: { waiting: 0 } })
		const database = await openDatabase({ url: server.url, authToken: server.token })
		const left = `cooldown_until - CAST(unixepoch('subsec') * 1000 AS INTEGER)`
		const rows = await database.execute(`SELECT ${left} BETWEEN 1 AND 60000 AS fits FROM key_states`)
		database.close()
		expect(rows).toEqual([{ fits: 1 }])
		// The follower learns it from the database, and reckons by the database's clock.
		upstream.requests.splice(0)
		const usedByFollower = async () => {
			upstream.requests.splice(0)
			expect((await follower.ask()).status).toBe(200)
			return upstream.requests.map(({ key }) => key)
		}
		upstream.keyFaults.clear()
		await expect.poll(usedByFollower, { interval: 100 }).toEqual([keys[1]])
		expect(await usedByFollower()).toEqual([keys[1]])
		expect((await finder.ask()).status).toBe(200)
		expect(upstream.requests.at(-1)?.key).toBe(keys[1])
	},
)
