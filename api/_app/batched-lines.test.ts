import { execFile } from 'node:child_process'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { batchLines } from './batched-lines.ts'

function start() {
	const writes: string[] = []
	const lines = batchLines({ write: text => writes.push(text) })
	return { writes, lines }
}

test('lines of one turn leave together, in order, and those of the next by themselves', async () => {
	const { writes, lines } = start()
	for (const line of ['one\n', 'two\n', 'three\n']) lines.write(line)
	expect(writes).toEqual([])
	await setImmediate()
	lines.write('four\n')
	await setImmediate()
	expect(writes).toEqual(['one\ntwo\nthree\n', 'four\n'])
})

test('what waits is bounded', async () => {
	const { writes, lines } = start()
	const line = `${'x'.repeat(999)}\n`
	for (let count = 0; count < 200; count++) lines.write(line)
	expect(writes.length).toBeGreaterThanOrEqual(2)
	await setImmediate()
	expect(writes.join('')).toBe(line.repeat(200))
})

test.each([
	['process.exit(3)', 3],
	['throw new Error("broken")', 1],
])('what waits at %s is written', async (end, code) => {
	const file = new URL('./batched-lines.ts', import.meta.url).href
	const script = `
		import { writeSync } from 'node:fs'
		import { batchLines } from '${file}'
		const lines = batchLines({ write: text => writeSync(1, text) })
		lines.write('the last line')
		${end}`
	const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
	await expect(child).rejects.toMatchObject({ code, stdout: 'the last line' })
})
