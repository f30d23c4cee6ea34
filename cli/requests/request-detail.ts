import type { RequestDetail } from '../../core/views/request-view.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatBytes } from '../ui/format-bytes.ts'
import { formatTime } from '../ui/format-time.ts'
import type { Style } from '../ui/style.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import { describeResult } from './request-line.ts'
import { formatCost, formatMs } from './units.ts'

/** A request for people: what it was, where its time went, what changed on the way. */
export function formatDetail(request: RequestDetail, style: Style, columns: number | undefined): string[] {
	const facts = listFacts(request, style).filter(([, cell]) => cell.text !== '')
	const rows = facts.map(([name, cell]): Cell[] => [{ text: name, paint: style.faint }, cell])
	return [
		...formatTable(rows, columns, [undefined, { least: 30, wraps: true }]),
		...section('Attempts', style, formatAttempts(request, style, columns)),
		...section('Notes', style, formatNotes(request, columns)),
	]
}

function section(title: string, style: Style, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : ['', style.strong(title), ...lines]
}

type Fact = [name: string, cell: Cell]

function listFacts(request: RequestDetail, style: Style): Fact[] {
	const { times, bytes, upstreamModel, answeredModel, model } = request
	const sent = upstreamModel === '' || upstreamModel === model ? '' : ` → ${upstreamModel}`
	const answered =
		answeredModel === null || answeredModel === upstreamModel ? '' : ` (answered as ${answeredModel})`
	const text = (value: string | null): Cell => ({ text: toOneLine(value ?? '') })
	const { text: result, paint } = describeResult(request, style)
	return [
		['id', text(request.id)],
		['when', text(formatTime(request.at))],
		['result', { text: request.outcome === 'ok' ? `ok (${request.status})` : result, paint }],
		['error', { ...text(request.errorMessage), paint: style.bad }],
		['upstream', text(request.upstreamName)],
		['key', text(request.keyMask)],
		['model', text(`${model}${sent}${answered}`)],
		['answer', text(describeAnswer(request))],
		['tokens', text(describeTokens(request))],
		['cost', text(request.costMicros === null ? '' : formatCost(request.costMicros))],
		['time', text(describeTimes(times))],
		['size', text(`${formatBytes(bytes.in)} in, ${formatBytes(bytes.out)} out`)],
		['client', text([request.client, request.userAgent].filter(Boolean).join(': '))],
		['session', text(request.sessionId)],
		['source', text(request.source === 'client' ? '' : request.source)],
	]
}

function describeAnswer({ stream, stopReason, toolCalls }: RequestDetail): string {
	const calls = toolCalls === 0 ? [] : [`${toolCalls} tool call${toolCalls === 1 ? '' : 's'}`]
	return [stream ? 'stream' : 'in one piece', ...(stopReason === null ? [] : [stopReason]), ...calls].join(
		', ',
	)
}

function describeTokens({ usage }: RequestDetail): string {
	if (!usage) return ''
	const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage
	const parts: [number, string][] = [
		[cacheReadTokens, 'from the cache'],
		[cacheWriteTokens, 'to the cache'],
		[reasoningTokens, 'of the output reasoning'],
	]
	const more = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
	return [`${inputTokens} in`, `${outputTokens} out`, ...more].join(', ')
}

function describeTimes({
	queueMs,
	selectMs,
	firstByteMs,
	firstContentMs,
	totalMs,
}: RequestDetail['times']): string {
	const parts: [string, number | null][] = [
		['waited', queueMs === 0 ? null : queueMs],
		['sent after', selectMs],
		['first byte', firstByteMs],
		['first content', firstContentMs],
	]
	const known = parts.filter(([, ms]) => ms !== null).map(([name, ms]) => `${name} ${formatMs(ms)}`)
	return [...known, `in all ${formatMs(totalMs)}`].join(', ')
}

const barWidth = 24
/** Number, bar, time, key, result, decision, message. */
const attemptFits = [
	...[undefined, { leaves: 1 }, undefined, { least: 10 }, undefined, { leaves: 2 }],
	{ least: 24, wraps: true as const },
]

function formatAttempts(
	{ attempts, totalMs }: RequestDetail,
	style: Style,
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
			{ text: good ? 'ok' : `${status} ${outcome}`, paint: good ? style.good : style.bad },
			{ text: decision === 'answered' ? '' : decision, paint: style.faint },
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

function formatNotes({ notes }: RequestDetail, columns: number | undefined): string[] {
	const rows = notes.map(({ field, action, detail }): Cell[] => [
		{ text: toOneLine(field) },
		{ text: action },
		{ text: toOneLine(detail) },
	])
	return formatTable(rows, columns, [{ least: 12 }, undefined, { least: 24, wraps: true }])
}
