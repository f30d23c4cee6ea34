import { afterEach, beforeEach, expect, test } from 'vitest'
import { useProcesses } from '../outages/processes.ts'
import { onServer } from '../outages/support.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = Array.from({ length: 6 }, (_, index) => `sk-turn-0123456789-${index}`)
const INSTANCES = 4

const processes = useProcesses()
let server: HranaProcess
let upstream: ScriptedUpstream
beforeEach(async () => {
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream({ keys })])
})
afterEach(() => Promise.all([server.stop(), upstream.close()]))

/** How often each key was used, of those that were. */
function countUses(): number[] {
	const uses = new Map<string, number>()
	for (const { key = '' } of upstream.requests.splice(0)) uses.set(key, (uses.get(key) ?? 0) + 1)
	return [...uses.values()]
}

test.each(['file', 'server'] as const)(
	'with round robin, four instances on a %s use each ready key as often as any other, within one each',
	async place => {
		const variables = place === 'file' ? {} : onServer(server)
		for (const line of [
			['db', 'migrate'],
			['add', 'turns', 'openai', upstream.url],
			['key', 'turns', 'add', ...keys],
			['balance', 'round-robin'],
		]) {
			expect(await processes.cli(line, variables)).toMatchObject({ code: 0 })
		}
		const served = await Promise.all(Array.from({ length: INSTANCES }, () => processes.serve(variables)))
		// Some are asked more often than others, as behind any balancer.
		const askAll = async () => {
			const asked = served.flatMap((instance, index) =>
				Array.from({ length: 10 + 7 * index }, () => instance),
			)
			const answers = await Promise.all(asked.map(({ ask }) => ask()))
			expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
			return asked.length
		}
		const total = await askAll()
		const uses = countUses()
		expect(uses).toHaveLength(keys.length)
		expect(uses.reduce((sum, count) => sum + count, 0)).toBe(total)
		expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(INSTANCES)

		// A key that fails is left out, and its share goes to all others alike.
		upstream.keyFaults.set(keys[2]!, { status: 401 })
		await askAll()
		upstream.requests.splice(0)
		await askAll()
		const rest = countUses()
		expect(rest).toHaveLength(keys.length - 1)
		expect(Math.max(...rest) - Math.min(...rest)).toBeLessThanOrEqual(INSTANCES)
	},
)
