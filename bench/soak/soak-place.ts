import { setTimeout as pause } from 'node:timers/promises'
import { lookAtHistory, runEditor, runOtherEditor } from './editor.ts'
import { FaultSchedule } from './faults.ts'
import type { Instance, Measure } from './instance.ts'
import { Ledger } from './ledger.ts'
import { runLoad } from './load.ts'
import { judgeMemory, type Memory } from './memory.ts'
import type { SoakOptions } from './options.ts'
import type { Place } from './places.ts'
import type { InstanceReport, PlaceReport } from './report.ts'
import { countRequests, type Problems } from './tally.ts'
import { Visibility } from './visibility.ts'

const FAULT_EVERY_MS = 20_000
const FAULT_MS = 6000
/** Kept-alive connections are closed by then. */
const QUIET_MS = 12_000

interface Context extends SoakOptions {
	broken: Set<string>
	problems: Problems
}

/** Lets load, edits and faults go on at once for the time given, then looks at what is left. */
export async function soakPlace(
	place: Place,
	context: Context,
): Promise<PlaceReport & { instances: InstanceReport[] }> {
	const { problems, minutes } = context
	const faults = new FaultSchedule(place.faults)
	const visibility = new Visibility(faults, problems)
	const ledger = new Ledger(place.name, (await readDatabase(place)).revision, problems)
	const began = Date.now()
	const until = began + minutes * 60_000
	const common = { ...context, place, visibility, faults, ledger, until }
	const [measures] = await Promise.all([
		measureAt(
			place.instances,
			[0.25, 0.5, 0.9].map(share => began + share * minutes * 60_000),
		),
		runEditor(common),
		runOtherEditor(common),
		faults.run({ until, everyMs: FAULT_EVERY_MS, forMs: FAULT_MS }),
		...place.instances.map(instance => runLoad({ ...common, instance })),
	])
	await pause(QUIET_MS)
	const idle = await Promise.all(place.instances.map(instance => instance.measure()))
	await lookAtHistory(common)
	const dropped = await waitUntilWritten(place, problems)
	const stored = await readDatabase(place)
	const sent = place.instances.reduce((sum, { tally }) => sum + countRequests(tally), 0)
	if (stored.logged + dropped !== sent || stored.counted !== stored.logged) {
		const text = `${sent} sent, ${stored.logged} logged, ${dropped} dropped, ${stored.counted} in the hourly sums`
		problems.add(`${place.name}: the log is not what was sent`, text)
	}
	return {
		...{ name: place.name, changes: ledger.counts, ...ledger.close(stored.revision), sent, dropped },
		...{ logged: stored.logged, counted: stored.counted },
		...{ seenLate: visibility.slowest, faults: faults.happened },
		instances: place.instances.map((instance, index) => {
			const memory = { ...measures[index], idle: idle[index] } as Memory
			judgeMemory(instance, memory, problems)
			return { name: instance.name, tally: instance.tally, memory }
		}),
	}
}

/** Of each instance, at each of three times. */
async function measureAt(
	instances: readonly Instance[],
	times: readonly number[],
): Promise<Omit<Memory, 'idle'>[]> {
	const rounds: Measure[][] = []
	for (const time of times) {
		await pause(Math.max(0, time - Date.now()))
		rounds.push(await Promise.all(instances.map(instance => instance.measure())))
	}
	const at = (round: number, index: number) => rounds[round]?.[index] as Measure
	return instances.map((_, index) => ({ early: at(0, index), middle: at(1, index), late: at(2, index) }))
}

/** What was given up on the way. */
async function waitUntilWritten({ name, instances }: Place, problems: Problems): Promise<number> {
	let dropped = 0
	for (const { url, name: who } of instances) {
		for (let tries = 1; ; tries++) {
			const health = (await (await fetch(`${url}/health`)).json()) as {
				status: string
				reasons: string[]
				database: { waiting: number; dropped: number }
			}
			if (health.database.waiting === 0 && health.status === 'healthy') {
				dropped += health.database.dropped
				break
			}
			if (tries === 60) {
				problems.add(`${name}: ${who} does not become healthy again`, health.reasons.join(' '))
				break
			}
			await pause(500)
		}
	}
	return dropped
}

function readDatabase(place: Place): Promise<{ revision: number; logged: number; counted: number }> {
	return place.query(async database => {
		const [row] = await database.execute(`SELECT (SELECT revision FROM meta) AS revision,
			(SELECT count(*) FROM request_log) AS logged, (SELECT coalesce(sum(requests), 0) FROM usage WHERE grain = 60) AS counted`)
		return { revision: Number(row?.revision), logged: Number(row?.logged), counted: Number(row?.counted) }
	})
}
