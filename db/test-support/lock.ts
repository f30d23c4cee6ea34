import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** One process of this computer at a time holds the lock of this name; one that died has lost it. */
export async function lockAcrossProcesses(name: string): Promise<() => Promise<void>> {
	const path = join(tmpdir(), `${name}.lock`)
	for (;;) {
		try {
			await writeFile(path, String(process.pid), { flag: 'wx' })
			return () => rm(path, { force: true })
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
			const holder = Number(await readFile(path, 'utf8').catch(() => ''))
			if (holder > 0 && !isAlive(holder)) await rm(path, { force: true })
			else await pause(50)
		}
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}
