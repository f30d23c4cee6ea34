import { commandLine, type Speaker } from '../next-step.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import type { Finding } from './finding.ts'

/** What `doctor` prints for people: a line for each finding, and below it what helps. */
export function formatFindings(speaker: Speaker, findings: readonly Finding[]): string[] {
	const { good, caution, bad, faint } = speaker.style
	const marks = {
		ok: ['ok', good],
		warn: ['warn', caution],
		fail: ['FAIL', bad],
		skip: ['-', faint],
	} as const
	const rows = findings.flatMap(({ area, level, text, fix }, index): Cell[][] => {
		const [mark, paint] = marks[level]
		const repeats = findings[index - 1]?.area === area
		const row = [{ text: mark, paint }, { text: repeats ? '' : area, paint: faint }, { text }]
		if (!fix || level === 'ok') return [row]
		const remedy = 'command' in fix ? commandLine(speaker, ...fix.command) : fix.advice
		return [row, [{ text: '' }, { text: '' }, { text: `→ ${remedy}`, whole: 'command' in fix }]]
	})
	return formatTable(rows, speaker.io.columns, [undefined, { least: 16 }, { least: 30, wraps: true }])
}
