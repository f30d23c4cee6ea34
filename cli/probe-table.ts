import type { ProbeResult } from '../core/proxy/probe-result.ts'
import type { CliTexts } from './texts/index.ts'
import { toOneLine } from './ui/clean-text.ts'
import type { Style } from './ui/style.ts'
import { type Cell, formatTable } from './ui/table.ts'

interface ProbeTableOptions {
	style: Style
	texts: CliTexts
	columns: number | undefined
	/** How many were to be tested. */
	total: number
}

const fits = [
	...[{ least: 14 }, undefined, { leaves: 4 }, { leaves: 1 }, { leaves: 2 }],
	...[undefined, { leaves: 3 }, { least: 16 }],
]

/** What `test` prints for people. */
export function formatProbes(results: readonly ProbeResult[], options: ProbeTableOptions): string[] {
	const { style, texts, columns, total } = options
	const failed = results.filter(({ ok }) => !ok)
	const head = texts.test.heads.map(text => ({ text, paint: style.faint }))
	const left = total - results.length
	return [
		...formatTable([head, ...results.map(one => toRow(one, style, texts))], columns, fits),
		...(failed.length > 0 || results.length === 1 ? [''] : []),
		...(results.length === 1 && results[0]?.url ? [texts.test.called(results[0].url)] : []),
		...failed.map(one => `${style.bad(one.upstreamName)} ${toOneLine(texts.say(one.message))}`),
		...(left > 0 ? [texts.test.left(left)] : []),
	]
}

function toRow(result: ProbeResult, style: Style, { outcomes }: CliTexts): Cell[] {
	return [
		{ text: result.upstreamName },
		{ text: outcomes[result.class], paint: result.ok ? style.good : style.bad },
		{ text: result.status === 0 ? '-' : String(result.status) },
		{ text: formatMs(result.connectMs) },
		{ text: formatMs(result.firstByteMs) },
		{ text: formatMs(result.totalMs) },
		{ text: result.keyMask ?? '-' },
		{ text: describeModel(result) },
	]
}

const formatMs = (ms: number | null) => (ms === null ? '-' : `${ms} ms`)

/** The one asked for, and the one that answered where that is another. */
function describeModel({ model, answeredModel }: ProbeResult): string {
	const names = [model, answeredModel].filter(name => name !== null && name !== '')
	return names.length === 0 ? '-' : [...new Set(names.map(name => toOneLine(name ?? '')))].join(' -> ')
}
