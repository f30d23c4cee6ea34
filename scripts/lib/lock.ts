import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 200
const abandonedMs = 10 * 60_000

/** Runs `work` while holding a lock file; waits for another process that holds it, unless that one has died. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
	mkdirSync(dirname(file), { recursive: true })
	while (!tryLock(file)) {
		if (isAbandoned(file)) rmSync(file, { force: true })
		else await delay(pollMs)
	}
	try {
		return await work()
	} finally {
		rmSync(file, { force: true })
	}
}

function tryLock(file: string): boolean {
	try {
		writeFileSync(file, String(process.pid), { flag: 'wx' })
		return true
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
		throw error
	}
}

function isAbandoned(file: string): boolean {
	const stats = statSync(file, { throwIfNoEntry: false })
	if (stats === undefined) return false
	if (Date.now() - stats.mtimeMs > abandonedMs) return true
	try {
		const owner = Number(readFileSync(file, 'utf8'))
		return owner > 0 && !isRunning(owner)
	} catch {
		// Released between the two calls.
		return false
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM'
	}
}
