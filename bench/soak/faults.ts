import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { HranaProcess, Knobs } from '../../test/support/hrana-server.ts'

/** Something that happens to a database. */
export interface DatabaseFault {
	name: string
	/** Resolves with what ends it. */
	begin(): Promise<() => Promise<void>>
}

export function serverFaults(server: HranaProcess): DatabaseFault[] {
	const byKnobs = (name: string, knobs: Partial<Knobs>): DatabaseFault => ({
		name,
		async begin() {
			await server.control(knobs)
			return async () => void (await server.control({}))
		},
	})
	return [
		byKnobs('hangs', { fault: 'hang' }),
		byKnobs('answers 500', { fault: '500' }),
		byKnobs('drops connections', { fault: 'drop' }),
		byKnobs('refuses writes', { fault: 'readonly' }),
		byKnobs('loses half of its answers', { fault: 'dropAfter', faultRate: 0.5 }),
		{
			name: 'is down',
			async begin() {
				await server.takeDown()
				return () => server.bringUp()
			},
		},
	]
}

export function fileFaults(file: string): DatabaseFault[] {
	return [
		{ name: 'is locked', begin: () => lockFile(file) },
		{
			name: 'is moved away',
			async begin() {
				renameSync(file, `${file}.away`)
				return async () => renameSync(`${file}.away`, file)
			},
		},
	]
}

/** Another process that writes and does not end. */
async function lockFile(file: string): Promise<() => Promise<void>> {
	const script = `const db = new (require('libsql'))(process.argv[1], { timeout: 2000 })
		db.exec('BEGIN IMMEDIATE'); console.log('held')
		process.stdin.on('end', () => { db.exec('COMMIT'); db.close() }).resume()`
	const holder = spawn(process.execPath, ['-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
	await once(holder.stdout, 'data')
	return async () => {
		const ended = once(holder, 'exit')
		holder.stdin.end()
		await ended
	}
}

/** How long after a fault its consequences may be seen: tries to reach a database that was away are up to 5 s apart. */
const AFTERMATH_MS = 7000

/** Lets one fault after the other happen, and knows when that was. */
export class FaultSchedule {
	readonly happened = new Map<string, number>()
	readonly #faults: readonly DatabaseFault[]
	#latest = { name: 'was well', from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY }

	constructor(faults: readonly DatabaseFault[]) {
		this.#faults = faults
	}

	/** Whether a fault, or what it left behind, may have had to do with something between these times. */
	mayExplain(from: number, to: number): boolean {
		return from < this.#latest.to + AFTERMATH_MS && to > this.#latest.from
	}

	/** How long before a time the latest fault ended. */
	describeLatest(at: number): string {
		const { name, to } = this.#latest
		return Number.isFinite(to)
			? `${((at - to) / 1000).toFixed(1)} s after the database: ${name}`
			: 'no fault before'
	}

	/** @param options.everyMs from the beginning of one to that of the next */
	async run(options: { until: number; everyMs: number; forMs: number }): Promise<void> {
		const { until, everyMs, forMs } = options
		for (let turn = 0; Date.now() + everyMs + AFTERMATH_MS < until; turn++) {
			await pause(everyMs - forMs)
			const fault = this.#faults[turn % this.#faults.length]
			if (fault === undefined) return
			this.#latest = { name: fault.name, from: Date.now(), to: Number.POSITIVE_INFINITY }
			const end = await fault.begin()
			await pause(forMs)
			await end()
			this.#latest.to = Date.now()
			this.happened.set(fault.name, (this.happened.get(fault.name) ?? 0) + 1)
		}
	}
}
