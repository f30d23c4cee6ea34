import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const onLinux = process.platform === 'linux'
/** Linux counts these in 1/100 s on every platform that Node supports (USER_HZ). */
const ticksPerSecond = 100

/**
 * CPU time of another process since its start, ms, all its threads, as the system accounts it. The scheduler's
 * nanoseconds where the kernel has them; utime + stime of /proc/<pid>/stat otherwise, and for threads that ended.
 */
export function readCpuMs(pid: number): number {
	if (!onLinux) return readCpuFromPs(pid)
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
	const ticksMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
	return Math.max(ticksMs, readSchedulerMs(pid))
}

function readSchedulerMs(pid: number): number {
	let nanoseconds = 0
	for (const task of readdirSync(`/proc/${pid}/task`)) {
		try {
			nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
		} catch {
			// The thread ended just now, or the kernel does not keep these statistics.
		}
	}
	return nanoseconds / 1e6
}

/** `ps` prints [[days-]hours:]minutes:seconds.hundredths. */
function readCpuFromPs(pid: number): number {
	const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim()
	const [clock = '', days = '0'] = text.split('-').reverse()
	const seconds = clock.split(':').reduce((total, part) => total * 60 + Number(part), 0)
	return (Number(days) * 86_400 + seconds) * 1000
}

/** Memory that the process has in RAM, bytes. */
export function readRssBytes(pid: number): number {
	if (!onLinux) {
		return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
	}
	const status = readFileSync(`/proc/${pid}/status`, 'utf8')
	return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024
}

export interface Spread {
	/** The quietest slice: the least that others on the computer added. */
	best: number
	median: number
	worst: number
	slices: number[]
}

export function summarize(slices: number[]): Spread | undefined {
	if (slices.length === 0) return undefined
	const sorted = [...slices].sort((a, b) => a - b)
	const at = (index: number) => sorted[index] as number
	return { best: at(0), median: at(sorted.length >> 1), worst: at(sorted.length - 1), slices }
}
