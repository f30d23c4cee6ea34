import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { Line, Order } from '../../db/test-support/worker.ts'
import type { OpenOptions, Tasks } from '../../db/test-support/worker-tasks.ts'

const program = fileURLToPath(new URL('../../db/test-support/worker.ts', import.meta.url))

/** A process that works on the database of the test. */
export interface Worker {
	/** Rejects when the task fails, or the process ends before. `onNews` gets what it tells meanwhile. */
	run<Task extends keyof Tasks>(
		task: Task,
		argument: Parameters<Tasks[Task]>[1],
		onNews?: (news: never) => void,
	): Promise<Awaited<ReturnType<Tasks[Task]>>>
	open(options: OpenOptions): Promise<void>
	/** Kill -9. Resolves when all that it had printed has been read. */
	kill(): Promise<void>
}

export class WorkerKilled extends Error {}

/** As many processes as the tests of a file need; those that were killed are replaced by `openAll`. */
export function useWorkers(count: number) {
	let workers: (Worker & { child: ChildProcess })[] = []
	const alive = ({ child }: { child: ChildProcess }) => child.exitCode === null && child.signalCode === null
	beforeAll(() => {
		workers = Array.from({ length: count }, startWorker)
	})
	afterAll(() => Promise.all(workers.map(worker => worker.kill())))
	return {
		/** Has all of them open this database. */
		async openAll(options: OpenOptions): Promise<Worker[]> {
			workers = workers.map(worker => (alive(worker) ? worker : startWorker()))
			await Promise.all(workers.map(worker => worker.open(options)))
			return workers
		},
	}
}

interface Waiting {
	resolve(result: never): void
	reject(error: Error): void
	onNews: ((news: never) => void) | undefined
}

function startWorker(): Worker & { child: ChildProcess } {
	const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
	const waiting = new Map<number, Waiting>()
	let orders = 0
	const lines = createInterface({ input: child.stdout })
	lines.on('line', text => settle(waiting, JSON.parse(text) as Line))
	// `close` comes after the last line.
	const closed = once(lines, 'close').then(() => {
		for (const { reject } of waiting.values()) reject(new WorkerKilled('the process has ended'))
		waiting.clear()
	})

	function order(task: Order['task'], argument: unknown, onNews?: (news: never) => void): Promise<never> {
		const id = orders++
		child.stdin.write(`${JSON.stringify({ id, task, argument } satisfies Order)}\n`)
		return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, onNews }))
	}

	return {
		child,
		run: order,
		open: options => order('open', options),
		async kill() {
			child.kill('SIGKILL')
			await closed
		},
	}
}

function settle(waiting: Map<number, Waiting>, line: Line): void {
	const order = waiting.get(line.id)
	if (order === undefined) return
	if ('news' in line) return order.onNews?.(line.news as never)
	waiting.delete(line.id)
	if ('error' in line) order.reject(new Error(line.error))
	else order.resolve(line.result as never)
}
