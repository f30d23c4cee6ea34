import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchOptions, readOptions, usage } from './options.ts'
import {
	type BenchReport,
	describeComputer,
	describeImports,
	describeStarts,
	describeWorkload,
	writeReport,
} from './report.ts'
import { runFresh } from './run/fresh.ts'
import { runImports } from './run/imports.ts'
import { runSlices } from './run/slices.ts'
import { type Stage, startStage } from './run/stage.ts'
import { runStarts } from './run/starts.ts'
import { prepareTargets, type Target } from './targets/index.ts'
import { createWorkloads } from './workloads/index.ts'

/** `npm run bench`: what it measures and how to read it stands in README.md beside this file. */
async function main(args: readonly string[]): Promise<void> {
	const names = [...createWorkloads({ quick: true }).map(({ name }) => name), startName]
	const options = readOptions(args, names)
	if (options === 'help') return void process.stdout.write(`${usage}\nworkloads: ${names.join(', ')}\n`)
	const started = performance.now()
	const computer = describeComputer()
	process.stdout.write(`${computer}\n\n`)
	const at = new Date().toISOString()
	const report: BenchReport = { at, computer, options, workloads: [], starts: [], importMs: undefined }
	await bench(options, report)
	const file = await writeReport(join(import.meta.dirname, 'results'), report)
	const seconds = Math.round((performance.now() - started) / 1000)
	process.stdout.write(`${seconds} s; all figures: ${file}\n`)
	const wrong = report.workloads.some(({ results }) => results.some(result => result.wrong > 0))
	if (wrong) process.exitCode = 1
}

const startName = 'start'
const startTargets = ['pipe/claude', 'convert/openai', 'ours/openai']

async function bench(options: BenchOptions, report: BenchReport): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-bench-'))
	const stage = await startStage(options)
	try {
		await runAll(stage, folder, options, report)
	} finally {
		await stage.close()
		await rm(folder, { recursive: true, force: true })
	}
}

async function runAll(
	stage: Stage,
	folder: string,
	options: BenchOptions,
	report: BenchReport,
): Promise<void> {
	const targets = await prepareTargets(folder, stage.upstreamUrl)
	try {
		await runTargets(stage, targets.all, folder, options, report)
	} finally {
		await targets.close()
	}
}

async function runTargets(
	stage: Stage,
	targets: readonly Target[],
	folder: string,
	options: BenchOptions,
	report: BenchReport,
): Promise<void> {
	const isWanted = (name: string) => options.only.length === 0 || options.only.includes(name)
	for (const workload of createWorkloads(options)) {
		const { name, title, unit, fresh } = workload
		if (!isWanted(name)) continue
		const taking = targets.filter(target => target.takesPart(workload))
		const results = await (fresh ? runFresh : runSlices)(stage, workload, taking, options)
		report.workloads.push({ name, title, unit, results })
		process.stdout.write(`${describeWorkload(workload, results)}\n`)
	}
	if (!isWanted(startName)) return
	const measured = targets.filter(({ name }) => startTargets.includes(name))
	report.starts = await runStarts(measured, options.rounds)
	process.stdout.write(`${describeStarts(report.starts)}\n`)
	report.importMs = await runImports(folder, options.rounds)
	process.stdout.write(`${describeImports(report.importMs)}\n`)
}

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
try {
	await main(process.argv.slice(2))
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
	process.exitCode = 1
}
