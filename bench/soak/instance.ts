import { readdir, readlink } from 'node:fs/promises'
import { serverFlags } from '../../scripts/lib/server-flags.ts'
import { type Child, startChild } from '../children.ts'
import { readRssBytes } from '../measure.ts'
import { newTally, type Problems, type RequestTally } from './tally.ts'
import { plantedSecret } from './upstreams.ts'

/** Memory and sockets of an instance at one time. */
export interface Measure {
	/** Least memory in RAM of some seconds, bytes: mostly what V8 keeps at hand for the next burst of garbage. */
	rss: number
	/** Least of what was in RAM besides V8's heap, bytes: buffers, native code, fragments of the allocator. */
	native: number
	/** What the program held after a garbage collection, bytes. */
	heap: number
	sockets: number
}

export interface Instance {
	name: string
	url: string
	tally: RequestTally
	measure(): Promise<Measure>
	/** The end of what it printed. */
	readOutput(): string
	stop(): Promise<void>
}

/** How far back is looked for the least memory besides the heap: half-second samples. */
const NATIVE_SAMPLES = 60

/**
 * Tells on SIGUSR2 what the program holds after a garbage collection, and the least of what was in RAM besides the heap
 * in the half minute before: pages that V8 has emptied count as such until it gives them back.
 */
const heapReporter = `
const samples = []
const sample = () => {
	const { rss, heapTotal } = process.memoryUsage()
	samples.push(rss - heapTotal)
	if (samples.length > ${NATIVE_SAMPLES}) samples.shift()
}
setInterval(sample, 500).unref()
process.on('SIGUSR2', () => {
	sample()
	gc()
	const { heapUsed, external } = process.memoryUsage()
	process.stderr.write('soak-heap ' + (heapUsed + external) + ' ' + Math.min(...samples) + '\\n')
})`

const RSS_SAMPLES = 20
const RSS_PAUSE_MS = 200

/** One real server process. What it prints is searched for faults of its own, and for keys. */
export async function startInstance(
	name: string,
	options: { entry: string; cwd: string; env: Record<string, string>; problems: Problems },
): Promise<Instance> {
	const { entry, cwd, env, problems } = options
	const hook = `--import=data:text/javascript,${encodeURIComponent(heapReporter)}`
	const child = await startChild({ args: [...serverFlags, '--expose-gc', hook, entry, 'serve'], cwd, env })
	watchOutput(name, child, problems)
	let stopping = false
	child.process.once('exit', code => {
		if (!stopping) problems.add(`${name} ended by itself`, `code ${code}: ${child.readOutput()}`)
	})
	return {
		...{ name, url: child.url, tally: newTally(), readOutput: child.readOutput },
		async measure() {
			const held = await readHeap(child)
			return { ...held, rss: await readLeastRss(child.pid), sockets: await countSockets(child.pid) }
		},
		async stop() {
			stopping = true
			await child.stop()
		},
	}
}

function watchOutput(name: string, { process: child }: Child, problems: Problems): void {
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (text: string) => {
			if (text.includes('a fault of the proxy itself'))
				problems.add(`${name}: a fault of the proxy itself`, text)
			if (/unhandled|uncaught/i.test(text)) problems.add(`${name}: an unhandled error`, text)
			if (text.includes(plantedSecret)) problems.add(`${name} printed a key`)
		})
	}
}

function readHeap({ process: child }: Child): Promise<Pick<Measure, 'heap' | 'native'>> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => finish(() => reject(new Error('no report of the heap'))), 15_000)
		const look = (text: string) => {
			const found = /soak-heap (\d+) (\d+)/.exec(text)
			if (found) finish(() => resolve({ heap: Number(found[1]), native: Number(found[2]) }))
		}
		const finish = (end: () => void) => {
			clearTimeout(timer)
			child.stderr?.off('data', look)
			end()
		}
		child.stderr?.on('data', look)
		child.kill('SIGUSR2')
	})
}

async function readLeastRss(pid: number): Promise<number> {
	let least = Number.POSITIVE_INFINITY
	for (let sample = 0; sample < RSS_SAMPLES; sample++) {
		least = Math.min(least, readRssBytes(pid))
		await new Promise(resolve => setTimeout(resolve, RSS_PAUSE_MS))
	}
	return least
}

/** 0 where the system does not tell (no /proc). */
async function countSockets(pid: number): Promise<number> {
	const folder = `/proc/${pid}/fd`
	const names = await readdir(folder).catch(() => [])
	const targets = await Promise.all(names.map(name => readlink(`${folder}/${name}`).catch(() => '')))
	return targets.filter(target => target.startsWith('socket:')).length
}
