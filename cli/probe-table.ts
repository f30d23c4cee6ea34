import type { ProbeResult } from '../core/proxy/probe-result.ts'
import { adviseOnProbe } from './doctor/advise-on-probe.ts'
import { commandLine, type Speaker } from './next-step.ts'
import type { CliTexts } from './texts/index.ts'
import { toOneLine } from './ui/clean-text.ts'
import type { Style } from './ui/style.ts'
import { type Cell, formatTable } from './ui/table.ts'

const fits = [
	...[{ least: 14 }, undefined, { leaves: 4 }, { leaves: 1 }, { leaves: 2 }],
	...[undefined, { leaves: 3 }, { least: 16 }],
]

/** What `test` prints for people; `total` were to be tested. */
export function formatProbes(speaker: Speaker, results: readonly ProbeResult[], total: number): string[] {
	const { style, texts, io } = speaker
	const failed = results.filter(({ ok }) => !ok)
	const head = texts.test.heads.map(text => ({ text, paint: style.faint }))
	const left = total - results.length
	return [
		...formatTable([head, ...results.map(one => toRow(one, style, texts))], io.columns, fits),
		...(failed.length > 0 || results.length === 1 ? [''] : []),
		...(results.length === 1 && results[0]?.url ? [texts.test.called(results[0].url)] : []),
		...failed.flatMap(one => describeFailure(speaker, one)),
		...(left > 0 ? [texts.test.left(left)] : []),
	]
}

function describeFailure(speaker: Speaker, result: ProbeResult): string[] {
	const { style, texts } = speaker
	const { fix } = adviseOnProbe(result)
	const remedy = fix && ('command' in fix ? commandLine(speaker, ...fix.command) : texts.say(fix.advice))
	const failure = `${style.bad(result.upstreamName)} ${toOneLine(texts.sayFault(result.message))}`
	return remedy === undefined ? [failure] : [failure, `→ ${remedy}`]
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
