import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeComputer } from '../report.ts'
import { readOptions, type SoakOptions, usage } from './options.ts'
import { type Place, type PlaceOptions, startPlace } from './places.ts'
import { copyProgram } from './program.ts'
import { describeSoak } from './report.ts'
import { soakPlace } from './soak-place.ts'
import { Problems } from './tally.ts'
import { startUpstreams, type Upstreams } from './upstreams.ts'

const INSTANCES_PER_PLACE = 2

/** `npm run soak`: what it does and how to read it stands in README.md beside this file. */
async function main(args: readonly string[]): Promise<void> {
	const options = readOptions(args)
	if (options === 'help') return void process.stdout.write(usage)
	process.stdout.write(`${describeComputer()}\n`)
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-soak-'))
	const upstreams = await startUpstreams()
	let isClean = false
	try {
		isClean = await soak(options, folder, upstreams)
	} finally {
		await upstreams.close()
		if (isClean) await rm(folder, { recursive: true, force: true })
		else process.stdout.write(`what is left is in ${folder}\n`)
	}
}

/** False when something happened that should not have. */
async function soak(options: SoakOptions, folder: string, upstreams: Upstreams): Promise<boolean> {
	const problems = new Problems()
	const entry = await copyProgram(folder)
	const common: PlaceOptions = {
		...{ folder, entry, instances: INSTANCES_PER_PLACE, upstreamUrls: upstreams.urls, problems },
	}
	const places: Place[] = []
	try {
		for (const name of ['file', 'server'] as const) places.push(await startPlace(name, common))
		process.stdout.write(`${places.length * INSTANCES_PER_PLACE} instances, ${options.minutes} minutes\n\n`)
		const reports = await Promise.all(
			places.map(place => soakPlace(place, { ...options, broken: upstreams.broken, problems })),
		)
		const instances = reports.flatMap(report => report.instances)
		const { answered, failed } = upstreams.counts
		const summary = `upstreams: ${answered} answers, ${failed} failures on purpose\n`
		process.stdout.write(describeSoak(instances, reports, problems) + summary)
		if (problems.count > 0) process.exitCode = 1
		return problems.count === 0
	} finally {
		await Promise.all(places.map(place => place.close()))
	}
}

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
try {
	await main(process.argv.slice(2))
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
	process.exitCode = 1
}
