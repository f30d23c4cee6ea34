import type { RequestDetail } from '../../core/views/request-view.ts'
import type { CliTexts } from '../texts/index.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatBytes } from '../ui/format-bytes.ts'
import { formatTime } from '../ui/format-time.ts'
import type { Style } from '../ui/style.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import { describeResult, type LineOptions } from './request-line.ts'
import { formatCost, formatMs } from './units.ts'

/** A request for people: what it was, where its time went, what changed on the way. */
export function formatDetail(
	request: RequestDetail,
	speaker: Speaker,
	columns: number | undefined,
): string[] {
	const { style, texts } = speaker
	const facts = listFacts(request, speaker).filter(([, cell]) => cell.text !== '')
	const rows = facts.map(([name, cell]): Cell[] => [{ text: texts.label(name), paint: style.faint }, cell])
	return [
		...formatTable(rows, columns, [undefined, { least: 30, wraps: true }]),
		...section(texts.label('Attempts'), style, formatAttempts(request, speaker, columns)),
		...section(texts.label('Notes'), style, formatNotes(request, speaker, columns)),
	]
}

function section(title: string, style: Style, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : ['', style.strong(title), ...lines]
}

type Speaker = Pick<LineOptions, 'style' | 'texts'>

type Fact = [name: string, cell: Cell]

function listFacts(request: RequestDetail, speaker: Speaker): Fact[] {
	const { style, texts } = speaker
	const { say } = texts
	const { times, bytes, upstreamModel, answeredModel, model } = request
	const sent = upstreamModel === '' || upstreamModel === model ? '' : ` → ${upstreamModel}`
	const answered =
		answeredModel === null || answeredModel === upstreamModel
			? ''
			: texts.state.why(say(`answered as ${answeredModel}`))
	const text = (value: string | null): Cell => ({ text: toOneLine(value ?? '') })
	const { text: result, paint } = describeResult(request, speaker)
	return [
		['id', text(request.id)],
		['when', text(formatTime(request.at))],
		[
			'result',
			{
				text: request.outcome === 'ok' ? `${result}${texts.state.why(String(request.status))}` : result,
				paint,
			},
		],
		['error', { ...text(request.errorMessage), paint: style.bad }],
		['upstream', text(request.upstreamName)],
		['key', text(request.keyMask)],
		['model', text(`${model}${sent}${answered}`)],
		['answer', text(describeAnswer(request, texts))],
		['tokens', text(describeTokens(request, texts))],
		['cost', text(request.costMicros === null ? '' : formatCost(request.costMicros))],
		['time', text(describeTimes(times, texts))],
		['size', text(say(`${formatBytes(bytes.in)} in, ${formatBytes(bytes.out)} out`))],
		['client', text([request.client, request.userAgent].filter(Boolean).join(': '))],
		['session', text(request.sessionId)],
		['source', text(request.source === 'client' ? '' : request.source)],
	]
}

function describeAnswer(
	{ stream, stopReason, toolCalls }: RequestDetail,
	{ say, label, list }: CliTexts,
): string {
	const calls = toolCalls === 0 ? [] : [say(toolCalls === 1 ? '1 tool call' : `${toolCalls} tool calls`)]
	const how = stream ? label('stream') : say('in one piece')
	return list([how, ...(stopReason === null ? [] : [stopReason]), ...calls])
}

function describeTokens({ usage }: RequestDetail, { say, list }: CliTexts): string {
	if (!usage) return ''
	const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage
	const more = [
		...(cacheReadTokens > 0 ? [say(`${cacheReadTokens} from the cache`)] : []),
		...(cacheWriteTokens > 0 ? [say(`${cacheWriteTokens} to the cache`)] : []),
		...(reasoningTokens > 0 ? [say(`${reasoningTokens} of the output reasoning`)] : []),
	]
	return list([say(`${inputTokens} in, ${outputTokens} out`), ...more])
}

function describeTimes(times: RequestDetail['times'], { say, list }: CliTexts): string {
	const { queueMs, selectMs, firstByteMs, firstContentMs, totalMs } = times
	return list([
		...(queueMs === 0 ? [] : [say(`waited ${formatMs(queueMs)}`)]),
		...(selectMs === null ? [] : [say(`sent after ${formatMs(selectMs)}`)]),
		...(firstByteMs === null ? [] : [say(`first byte ${formatMs(firstByteMs)}`)]),
		...(firstContentMs === null ? [] : [say(`first content ${formatMs(firstContentMs)}`)]),
		say(`in all ${formatMs(totalMs)}`),
	])
}

const barWidth = 24
/** Number, bar, time, key, result, decision, message. */
const attemptFits = [
	...[undefined, { leaves: 1 }, undefined, { least: 10 }, undefined, { leaves: 2 }],
	{ least: 24, wraps: true as const },
]

function formatAttempts(
	{ attempts, totalMs }: RequestDetail,
	{ style, texts }: Speaker,
	columns: number | undefined,
): string[] {
	const rows = attempts.map((attempt, index): Cell[] => {
		const { startMs, ms, keyMask, outcome, status, decision, message } = attempt
		const good = outcome === 'ok'
		return [
			{ text: `${index + 1}`, paint: style.faint },
			{ text: drawBar(startMs ?? 0, ms, totalMs), paint: good ? style.good : style.bad },
			{ text: formatMs(ms) },
			{ text: keyMask },
			{
				text: good ? texts.outcomes.ok : `${status} ${texts.outcome(outcome)}`,
				paint: good ? style.good : style.bad,
			},
			{ text: decision === 'answered' ? '' : texts.label(decision), paint: style.faint },
			{ text: toOneLine(message) },
		]
	})
	return formatTable(rows, columns, attemptFits)
}

/** When an attempt ran within the request. */
function drawBar(start: number, length: number, whole: number): string {
	const scale = barWidth / Math.max(1, whole)
	const from = Math.min(barWidth - 1, Math.floor(start * scale))
	const to = Math.min(barWidth, Math.max(from + 1, Math.round((start + length) * scale)))
	return `${'·'.repeat(from)}${'█'.repeat(to - from)}${'·'.repeat(barWidth - to)}`
}

function formatNotes({ notes }: RequestDetail, { texts }: Speaker, columns: number | undefined): string[] {
	const rows = notes.map(({ field, action, detail }): Cell[] => [
		{ text: toOneLine(field) },
		{ text: texts.label(action) },
		{ text: toOneLine(detail) },
	])
	return formatTable(rows, columns, [{ least: 12 }, undefined, { least: 24, wraps: true }])
}
