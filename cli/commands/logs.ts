import { createFindPrice, type FindPrice } from '../../core/usage/cost.ts'
import { type RequestView, toRequestView } from '../../core/views/request-view.ts'
import {
	findRequests,
	followRequests,
	type ListOptions,
	readPosition,
	readPriceOverrides,
} from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { readFilters } from '../requests/filters.ts'
import { formatHead, formatRequest, type LineOptions } from '../requests/request-line.ts'

export const logs: Command = {
	usage: ['logs [--follow] [--status <result>] [--upstream <upstream>] [--since <time>]'],
	options: {
		follow: { short: 'f', description: 'go on with what comes, until Ctrl-C' },
		status: {
			value: 'result',
			description: 'ok, error, cancelled, refused, or a class: auth, quota, timeout …',
		},
		upstream: { value: 'upstream', description: 'only what it was asked for' },
		model: { value: 'model', description: "by the client's name for it or the upstream's" },
		since: { value: 'time', description: 'only the last 30m, 1h, 7d' },
		text: { value: 'text', description: 'somewhere in ids, names, session or error' },
		limit: { value: 'number', description: 'newest to show; 20 unless told' },
		id: { description: 'show ids, for inspect' },
	},
	examples: ['logs', 'logs -f --status error', 'logs --upstream kimi --since 1h --id'],
	details: [
		'Newest last. The log is read from the database: it holds what all instances answered, about a second later.',
		'With --follow and --json, each line is a document.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	if (call.words.length > 0) throw usageError('logs takes options only', 'inspect <id> shows one request')
	const session = await call.openSession()
	const options = readFilters(call.options, await session.read())
	const findPrice = createFindPrice(await readPriceOverrides(session.database))
	const position = await readPosition(session.database)
	const { requests } = await findRequests(session.database, options)
	const views = requests.map(request => toRequestView(request, findPrice))
	if (call.options.has('follow')) return follow(call, session, { options, findPrice, views, position })
	const line = lineOptions(call)
	const lines = views.toReversed().map(view => formatRequest(view, line))
	const data = { requests: views }
	return { data, lines: views.length === 0 ? describeNone(call) : [formatHead(line), ...lines] }
}

const filters = ['status', 'upstream', 'model', 'since', 'text']

function describeNone(call: CommandCall): string[] {
	const { say } = call.texts
	if (filters.some(name => call.options.has(name))) return [say('no request fits')]
	return [say('no requests yet'), say(`next, ask something: ${commandLine(call, 'prompt', 'hello')}`)]
}

function lineOptions({ style, texts, io, options }: CommandCall): LineOptions {
	return { style, texts, columns: io.columns, ids: options.has('id') }
}

interface Followed {
	options: ListOptions
	findPrice: FindPrice
	/** Newest first. */
	views: RequestView[]
	/** Of the log, before it was read. */
	position: number
}

const intervalMs = 1000

async function follow(call: CommandCall, session: ConfigSession, followed: Followed): Promise<CommandResult> {
	const { io } = call
	const print = createPrinter(call)
	const stopped = Promise.withResolvers<'stop'>()
	const release = io.onInterrupt(() => stopped.resolve('stop'))
	// Written between the two readings: it would come twice.
	const shown = new Set(followed.views.map(({ id }) => id))
	let { position } = followed
	try {
		print.head()
		for (const view of followed.views.toReversed()) print.request(view)
		for (;;) {
			const more = await followRequests(session.database, position, followed.options)
			position = more.position
			for (const request of more.requests) {
				if (!shown.has(request.id)) print.request(toRequestView(request, followed.findPrice))
			}
			const timer = setTimeout(() => tick.resolve('tick'), intervalMs)
			const tick = Promise.withResolvers<'tick'>()
			if ((await Promise.race([tick.promise, stopped.promise])) === 'stop') {
				clearTimeout(timer)
				return { data: undefined, lines: [], exitCode: exitCodes.cancelled }
			}
		}
	} finally {
		release()
	}
}

function createPrinter(call: CommandCall) {
	const { io } = call
	const line = lineOptions(call)
	if (call.options.has('json')) {
		const request = (view: RequestView) => io.write(`${JSON.stringify({ ok: true, data: view })}\n`)
		return { head() {}, request }
	}
	return {
		head: () => io.write(`${formatHead(line)}\n`),
		request: (view: RequestView) => io.write(`${formatRequest(view, line)}\n`),
	}
}
