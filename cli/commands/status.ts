import { readPulse } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import { describeLack, emptyLines } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { formatStatus, type StatusView, viewStatus } from '../status-view.ts'

export const status: Command = {
	usage: ['status [--watch [--interval <seconds>]]'],
	options: {
		watch: { short: 'w', description: 'again and again, until Ctrl-C' },
		interval: { value: 'seconds', description: 'watch: how often; every 2 unless told' },
	},
	examples: ['status', 'status --watch', 'status --json'],
	details: [
		'LATENCY is until the first content, the median of the latest good answers. OK leaves out requests whose',
		'client went away. With --watch and --json, each line is a document.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	if (call.words.length > 0) throw usageError('status takes nothing after it', 'show <upstream> shows one')
	const intervalMs = readInterval(call)
	const session = await call.openSession()
	if (call.options.has('watch')) return watch(call, session, intervalMs)
	const view = await look(session)
	const config = await session.read()
	const lines = view.upstreams.length === 0 ? emptyLines(call) : draw(call, view)
	return {
		data: view,
		lines: view.upstreams.length === 0 ? lines : [...lines, ...describeLack(call, config)],
	}
}

function readInterval({ options }: CommandCall): number {
	const text = options.text('interval')
	if (text === undefined) return 2000
	if (!options.has('watch')) throw usageError('--interval goes with --watch')
	const seconds = Number(text)
	if (seconds >= 0.2 && seconds <= 3600) return seconds * 1000
	throw usageError('--interval must be a number of seconds from 0.2 to 3600')
}

async function look({ repository, database }: ConfigSession): Promise<StatusView> {
	const started = performance.now()
	const { config, traffic } = await repository.readOverview()
	const latencyMs = Math.round(performance.now() - started)
	const pulses = await readPulse(database)
	return viewStatus({ config, traffic, pulses, database: { label: database.label, latencyMs } })
}

function draw(call: CommandCall, view: StatusView): string[] {
	return formatStatus(view, call, call.io.columns)
}

/** Back to the upper left corner, without a flash of an empty screen. */
const [home, eraseLine, eraseBelow] = ['\u001b[H', '\u001b[K', '\u001b[J']

async function watch(call: CommandCall, session: ConfigSession, intervalMs: number): Promise<CommandResult> {
	const { io, options, texts } = call
	const asJson = options.has('json')
	const redraws = io.columns !== undefined && !asJson
	const stopped = Promise.withResolvers<'stop'>()
	const release = io.onInterrupt(() => stopped.resolve('stop'))
	if (redraws) io.write('\u001b[2J')
	try {
		for (;;) {
			const view = await look(session)
			if (asJson) io.write(`${JSON.stringify({ ok: true, data: view })}\n`)
			else {
				const lines = [...draw(call, view), `${new Date().toLocaleTimeString('sv-SE')}  ${texts.status.ends}`]
				if (redraws) io.write(`${home}${lines.map(line => `${line}${eraseLine}\n`).join('')}${eraseBelow}`)
				else io.write(`${lines.join('\n')}\n`)
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
