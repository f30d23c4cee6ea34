import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Spread } from './measure.ts'
import type { BenchOptions } from './options.ts'
import type { StartResult } from './run/starts.ts'
import type { TargetResult } from './run/tally.ts'
import type { Workload } from './workloads/index.ts'

export interface BenchReport {
	at: string
	computer: string
	options: BenchOptions
	workloads: { name: string; title: string; unit: string; results: TargetResult[] }[]
	starts: StartResult[]
	/** CPU of importing the serverless function's bundle, ms. */
	importMs: Spread | undefined
}

/** One table: a row per target. */
export function describeWorkload(workload: Workload, results: readonly TargetResult[]): string {
	const paced = workload.paceMs !== undefined
	const rows = results.map(result => [
		result.target,
		formatNumber(result.cpu?.best),
		formatSpread(result.cpu),
		formatRatio(findRatio(results, result.target, result.pipe)),
		result.pipe === 'pipe/openai' ? formatRatio(findRatio(results, result.target, 'convert/openai')) : '',
		describeGoal(workload, results, result),
		formatNumber(result.perSecond),
		result.wrong === 0 ? `all ${result.answers}` : `${result.wrong} of ${result.answers} WRONG`,
		...(paced ? describeDelays(result, results) : []),
		...(workload.fresh ? [formatKilobytes(result.bytesPerStream)] : []),
	])
	const head = ['', `µs CPU/${workload.unit}`, 'spread', '× pipe', '× convert', 'goal', 'answers/s', 'right']
	if (paced) head.push('added p50', 'added p99')
	if (workload.fresh) head.push('KB/stream')
	const problems = results.flatMap(({ target, problem }) => (problem ? [`  ${target}: ${problem}`] : []))
	return [`${workload.name}: ${workload.title}`, ...alignColumns([head, ...rows]), ...problems, ''].join('\n')
}

export function describeStarts(results: readonly StartResult[]): string {
	const pipe = results.find(({ target }) => target.startsWith('pipe'))?.cpuMs?.best
	const rows = results.map(({ target, wallMs, cpuMs, idleBytes }) => [
		target,
		formatNumber(wallMs?.best),
		formatNumber(cpuMs?.best),
		formatSpread(cpuMs),
		formatRatio(cpuMs && pipe && cpuMs.best / pipe),
		formatNumber(idleBytes / 1024 / 1024),
	])
	const head = ['', 'ms', 'ms CPU', 'spread', '× pipe', 'idle MB']
	return ['start: process start to the first answer of /health', ...alignColumns([head, ...rows]), ''].join(
		'\n',
	)
}

export function describeImports(importMs: Spread | undefined): string {
	return `import of the serverless function: ${formatNumber(importMs?.best)} ms CPU ${formatSpread(importMs)}\n`
}

/** The first column is text, the others are numbers. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
	const align = (cell: string, column: number) =>
		column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
	return rows.map(row => `  ${row.map(align).join('  ')}`.trimEnd())
}

function findRatio(results: readonly TargetResult[], name: string, of: string): number | undefined {
	const [cpu, other] = [name, of].map(
		// What answered wrongly did not do the work.
		wanted => results.find(({ target, wrong }) => target === wanted && wrong === 0)?.cpu,
	)
	return cpu && other && cpu.best / other.best
}

function describeGoal({ goals }: Workload, results: readonly TargetResult[], { target, pipe }: TargetResult) {
	const goal = goals[target]
	const ratio = goal && findRatio(results, target, goal.of === 'pipe' ? pipe : goal.of)
	if (ratio === undefined) return ''
	return `${goal?.factor} × ${goal?.of}: ${ratio <= (goal?.factor ?? 0) ? 'met' : `${ratio.toFixed(2)}, MISSED`}`
}

/** What a target adds to the way from upstream to client; for `direct`, that way itself. */
function describeDelays(result: TargetResult, results: readonly TargetResult[]): string[] {
	const direct = result.target === 'direct' ? undefined : results.find(({ target }) => target === 'direct')
	return (['p50', 'p99'] as const).map(name => {
		const delay = result.delays?.[name]
		return delay === undefined ? '' : `${((delay - (direct?.delays?.[name] ?? 0)) / 1000).toFixed(2)} ms`
	})
}

const formatKilobytes = (bytes: number | undefined) => (bytes === undefined ? '' : (bytes / 1024).toFixed(0))
const formatRatio = (ratio: number | undefined) => ratio?.toFixed(2) ?? ''

/** How far the slices lie apart: the worst above the best. */
function formatSpread(spread: Spread | undefined): string {
	if (spread === undefined || spread.slices.length < 2) return ''
	return `+${Math.round((spread.worst / spread.best - 1) * 100)} %`
}

function formatNumber(value: number | undefined): string {
	if (value === undefined) return ''
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

export function describeComputer(): string {
	const load = loadavg().map(value => value.toFixed(1))
	const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
	return `node ${process.version}, ${availableParallelism()} × ${model}, load ${load.join(' ')}`
}

/** Returns the file's path. */
export async function writeReport(folder: string, report: BenchReport): Promise<string> {
	await mkdir(folder, { recursive: true })
	const file = join(folder, `${report.at.slice(0, 19).replaceAll(':', '-')}.json`)
	await writeFile(file, `${JSON.stringify(report, undefined, '\t')}\n`)
	return file
}
