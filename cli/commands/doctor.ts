import { checkCost } from '../../core/proxy/protocol-check/run-checks.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { type Diagnosis, examine } from '../doctor/examine.ts'
import { formatFindings } from '../doctor/format-findings.ts'
import { exitCodes } from '../errors.ts'
import { usageError } from '../refuse.ts'

export const doctor: Command = {
	usage: ['doctor [--fix] [--offline]', 'doctor --live [<upstream> …] [--model <model>]'],
	options: {
		offline: { description: 'ask nobody: no upstream, no database server' },
		fix: { description: 'solve what can be solved without a risk' },
		live: {
			description: `also send each upstream ${checkCost.requests} requests, and see what it can do`,
		},
		all: { description: 'live: every upstream that is enabled, not the current one only' },
		model: { value: 'model', description: 'live: the model to ask for, as a client would' },
		yes: { short: 'y', description: 'live: do not ask before spending' },
	},
	examples: ['doctor', 'doctor --fix', 'doctor --offline --json', 'doctor --live kimi'],
	details: [
		'Without --offline, each upstream gets one tiny message. With --live, it is tried what Claude Code needs: text,',
		'stream, tools, images, thinking, structured output, count_tokens, abort. What refusals teach is remembered.',
		`That takes ${checkCost.requests} requests and at most ${checkCost.maxTokens} output tokens per upstream.`,
		'Ends with 1 if something is wrong, with 0 if there are warnings only.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const { options, words } = call
	if (options.has('offline') && options.has('live'))
		throw usageError('--offline and --live exclude each other')
	for (const name of ['model', 'all'] as const) {
		if (options.has(name) && !options.has('live')) throw usageError(`--${name} goes with --live`)
	}
	if (words.length > 0 && !options.has('live')) throw usageError('doctor takes names with --live only')
	const stop = new AbortController()
	const release = call.io.onInterrupt(() => stop.abort())
	try {
		const diagnosis = await examine(call, stop.signal)
		return { ...describe(call, diagnosis), ...(stop.signal.aborted && { exitCode: exitCodes.cancelled }) }
	} finally {
		release()
	}
}

function describe(call: CommandCall, { findings, repaired, checked }: Diagnosis): CommandResult {
	const { doctor, say } = call.texts
	const counts = { ok: 0, warn: 0, fail: 0, skip: 0 }
	for (const { level } of findings) counts[level]++
	const shown = findings.map(({ area, level, text, fix }) => ({
		...{ area, level, text },
		...(fix && { fix: 'command' in fix ? [call.io.program, ...fix.command].join(' ') : fix.advice }),
	}))
	return {
		data: { ...counts, findings: shown, repaired, checked },
		lines: [
			...formatFindings(call, findings),
			...repaired.map(done => `${call.style.good(doctor.solved)} ${say(done)}`),
			'',
			doctor.summary(counts),
		],
		exitCode: counts.fail > 0 ? exitCodes.failed : exitCodes.ok,
	}
}
