import { commandLine, type Speaker } from '../next-step.ts'
import { type Cell, formatTable } from '../ui/table.ts'
import type { Finding } from './finding.ts'

/** What `doctor` prints for people: a line for each finding, and below it what helps. */
export function formatFindings(speaker: Speaker, findings: readonly Finding[]): string[] {
	const { good, caution, bad, faint } = speaker.style
	const { doctor, say } = speaker.texts
	const paints = { ok: good, warn: caution, fail: bad, skip: faint }
	const rows = findings.flatMap(({ area, level, text, fix }, index): Cell[][] => {
		const mark = { text: doctor.levels[level], paint: paints[level] }
		const repeats = findings[index - 1]?.area === area
		const row = [mark, { text: repeats ? '' : doctor.area(area), paint: faint }, { text: say(text) }]
		if (!fix || level === 'ok') return [row]
		const remedy = 'command' in fix ? commandLine(speaker, ...fix.command) : say(fix.advice)
		return [row, [{ text: '' }, { text: '' }, { text: `→ ${remedy}`, whole: 'command' in fix }]]
	})
	return formatTable(rows, speaker.io.columns, [undefined, { least: 16 }, { least: 30, wraps: true }])
}
