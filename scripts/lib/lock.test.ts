import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withLock } from './lock.ts'

let folder: string
let lock: string
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'lock-'))
	lock = join(folder, 'deep/a.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('lets one in after the other', async () => {
	const events: string[] = []
	const work = (name: string) => async () => {
		events.push(`${name} in`)
		await new Promise(resolve => setImmediate(resolve))
		events.push(`${name} out`)
	}
	await Promise.all([withLock(lock, work('a')), withLock(lock, work('b'))])
	expect(events).toEqual(['a in', 'a out', 'b in', 'b out'])
})

it('is free again after a failure', async () => {
	await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
	expect(existsSync(lock)).toBe(false)
})

it('takes over from a process that died', async () => {
	await withLock(lock, async () => undefined)
	const dead = spawnSync(process.execPath, ['--version']).pid
	writeFileSync(lock, String(dead))
	expect(await withLock(lock, async () => 'done')).toBe('done')
})

it('takes over a lock that is older than any build', async () => {
	await withLock(lock, async () => undefined)
	writeFileSync(lock, String(process.pid))
	const then = new Date(Date.now() - 3_600_000)
	utimesSync(lock, then, then)
	expect(await withLock(lock, async () => 'done')).toBe('done')
})
