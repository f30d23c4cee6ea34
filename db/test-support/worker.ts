/**
 * A process that does what it is told, several things at once if so told: `node worker.ts`. Each line of its standard
 * input is an order as JSON; each line that it prints is the answer to one, or news of one that is still running. A
 * line that was printed is there for its reader, also when the process is killed right after it.
 */
import { createInterface } from 'node:readline'
import { type Opened, type OpenOptions, openAll, type Tasks, tasks } from './worker-tasks.ts'

export type Order = { id: number; task: 'open' | keyof Tasks; argument: unknown }
export type Line =
	| { id: number; news: object }
	| { id: number; result: unknown }
	| { id: number; error: string }

let opened: Opened | undefined

async function carryOut({ id, task, argument }: Order): Promise<unknown> {
	if (task === 'open') {
		opened?.database.close()
		opened = await openAll(argument as OpenOptions)
		return null
	}
	if (opened === undefined) throw new Error('nothing is open')
	const run = tasks[task] as (opened: Opened, argument: unknown, tell: (news: object) => void) => unknown
	return run(opened, argument, news => print({ id, news }))
}

const print = (line: Line) => console.log(JSON.stringify(line))

for await (const line of createInterface({ input: process.stdin })) {
	const order = JSON.parse(line) as Order
	carryOut(order).then(
		result => print({ id: order.id, result: result ?? null }),
		error => print({ id: order.id, error: String((error as Error).stack) }),
	)
}
opened?.database.close()
process.exit()
