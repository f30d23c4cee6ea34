import type { Answer } from './answer.ts'
import { createClaudeCodeRequest } from './claude-code.ts'
import {
	createChatRequest,
	longStream,
	requestModel,
	stampedStream,
	toolCall,
	wholeText,
	wordStream,
} from './texts.ts'

export interface Workload {
	name: string
	title: string
	answer: Answer
	body: Buffer
	/** What CPU time is given per. */
	unit: 'request' | 'delta'
	concurrency: number
	/** One delta per packet, this far apart; each carries the time it left. Undefined: all at once. */
	paceMs?: number
	/** So many requests come first, many at once: with too few V8 would still be compiling what counts. */
	warmRequests?: number
	/** Each target starts anew, so that memory per stream can be told. */
	fresh?: boolean
	/** The other conversions take part, too. */
	allDialects?: boolean
	/** What installations add is compared (targets/variants.ts), instead of upstream types. */
	extras?: boolean
	/** Most that a target may cost, as a multiple of another's CPU. */
	goals: Readonly<Record<string, Goal>>
}

export interface Goal {
	factor: number
	of: 'pipe' | 'convert/openai' | 'ours/openai'
}

type Extras = Partial<
	Pick<
		Workload,
		'concurrency' | 'paceMs' | 'warmRequests' | 'fresh' | 'allDialects' | 'extras' | 'unit' | 'body'
	>
>

/** All workloads; `quick` makes the long ones shorter. Every process of a run builds the same ones. */
export function createWorkloads({ quick }: { quick: boolean }): Workload[] {
	const size = quick
		? { deltas: 40, streams: 100, slowDeltas: 5, megabytes: 2, warmRequests: 500 }
		: { deltas: 200, streams: 500, slowDeltas: 50, megabytes: 10, warmRequests: 20_000 }
	const { warmRequests } = size
	const chat = wholeText(300)
	const burst = wordStream(200)
	const packets = stampedStream(size.deltas)
	const slow = stampedStream(size.slowDeltas)
	const large = createClaudeCodeRequest(requestModel)
	const largeTitle = `Claude Code request of ${Math.round(large.length / 1000)} KB, 20 deltas back`
	const slowTitle = `${size.streams} open streams, ${size.slowDeltas} deltas 100 ms apart`
	const packetTitle = (concurrency: number) =>
		`${size.deltas} deltas, a packet each, 4 ms apart, ${concurrency} at once`
	const named = (
		name: string,
		title: string,
		answer: Answer,
		goals: Workload['goals'],
		extras: Extras = {},
	) => {
		const unit = answer.stream ? 'delta' : 'request'
		return {
			name,
			title,
			answer,
			goals,
			body: createChatRequest(answer),
			unit,
			concurrency: 1,
			...extras,
		} as const
	}
	return [
		named('small-1', 'small JSON chat, one at a time', chat, goals(1.3, 1.5), { warmRequests }),
		named('small-64', 'small JSON chat, 64 at once', chat, goals(1.3, 1.5), {
			...{ concurrency: 64, warmRequests },
			allDialects: true,
		}),
		named('extras-64', 'small JSON chat, 64 at once, with what installations add', chat, extraGoals, {
			...{ concurrency: 64, warmRequests },
			extras: true,
		}),
		named('burst-1', '200 deltas in one burst, one at a time', burst, goals(1, 1.5)),
		named('burst-32', '200 deltas in one burst, 32 at once', burst, goals(1, 1.5), {
			concurrency: 32,
			allDialects: true,
		}),
		named('burst-64', '200 deltas in one burst, 64 at once', burst, goals(1, 1.5), { concurrency: 64 }),
		...[1, 32, 64].map(concurrency =>
			named(`packets-${concurrency}`, packetTitle(concurrency), packets, goals(1.2, 1.2), {
				concurrency,
				paceMs: 4,
				allDialects: concurrency === 32,
			}),
		),
		named('slow-500', slowTitle, slow, goals(1.2, 1.2), {
			concurrency: size.streams,
			paceMs: 100,
			fresh: true,
		}),
		named('request-150k', largeTitle, wordStream(20), goals(1.2, 1.2, 'convert/openai'), {
			body: large,
			concurrency: 4,
			unit: 'request',
		}),
		named(
			'tool-40k',
			'tool call, 40 KB of JSON in 20-character fragments',
			toolCall(40_000, 20),
			goals(1, 2.2),
			{
				concurrency: 4,
			},
		),
		named('json-1m', '1 MB JSON answer', wholeText(1_000_000), goals(1, 1.3, 'convert/openai')),
		named('stream-10m', `${size.megabytes} MB event stream`, longStream(size.megabytes), goals(1, 1.5)),
	]
}

export function findWorkload(name: string, options: { quick: boolean }): Workload {
	const found = createWorkloads(options).find(workload => workload.name === name)
	if (!found) throw new Error(`there is no workload "${name}"`)
	return found
}

export const unitsPerAnswer = ({ unit, answer }: Workload) => (unit === 'delta' ? answer.pieces.length : 1)

/** What is added may cost a tenth. */
const extraGoals: Workload['goals'] = Object.fromEntries(
	['20 keys', 'failing key', 'log lines', 'far database'].map(name => [
		`ours + ${name}`,
		{ factor: 1.1, of: 'ours/openai' as const },
	]),
)

function goals(passThrough: number, conversion: number, of: Goal['of'] = 'pipe'): Workload['goals'] {
	return {
		'ours/claude': { factor: passThrough, of: 'pipe' },
		'ours/openai': { factor: conversion, of },
		'ours/gemini': { factor: 1.5, of: 'ours/openai' },
		'ours/responses': { factor: 1.5, of: 'ours/openai' },
	}
}
