import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAdminCurrent } from './lib/ensure-admin.ts'
import { isCliCurrent } from './lib/ensure-cli.ts'
import { projectRoot } from './lib/layout.ts'

const run = promisify(execFile)

/** A checkout in small: the real scripts, web and packages, and a command line of a few lines. */
let root: string
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'launch-'))
	for (const name of ['scripts', 'web', 'core', 'package.json', 'package-lock.json', 'tsconfig.json']) {
		cpSync(join(projectRoot, name), join(root, name), { recursive: true, filter: isSource })
	}
	symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'))
	for (const folder of ['cli', 'db', 'api/_app']) mkdirSync(join(root, folder), { recursive: true })
	writeFileSync(join(root, 'core/greeting.ts'), "export const greeting: string = 'hello'")
	writeFileSync(
		join(root, 'cli/main.ts'),
		"const { greeting } = await import('../core/greeting.ts')\nconsole.log(greeting, ...process.argv.slice(2))",
	)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const isSource = (path: string) => !/node_modules|\.svelte-kit|web\/build/.test(path)
const launch = (...args: string[]) => run(process.execPath, [join(root, 'scripts/launch.ts'), ...args])
const editGreeting = (text: string) =>
	writeFileSync(join(root, 'core/greeting.ts'), `export const greeting: string = '${text}'`)

describe('a command', () => {
	it('runs with its arguments, from a bundle made without a word', async () => {
		expect(await launch('show', '--json')).toEqual({ stdout: 'hello show --json\n', stderr: '' })
		expect(isCliCurrent(root)).toBe(true)
		expect(readFileSync(join(root, 'dist/cli/main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
	})

	it('sees a changed source', async () => {
		await launch()
		editGreeting('good evening')
		expect(isCliCurrent(root)).toBe(false)
		expect((await launch()).stdout).toBe('good evening\n')
	})

	it('survives being started several times at once after a change', async () => {
		await launch()
		editGreeting('all at once')
		const results = await Promise.all([launch(), launch(), launch()])
		expect(results.map(result => result.stdout)).toEqual(Array(3).fill('all at once\n'))
		expect((await run(process.execPath, [join(root, 'dist/cli/main.js')])).stdout).toBe('all at once\n')
	})

	it('uses what is built where there is nothing to build with', async () => {
		await launch()
		rmSync(join(root, 'node_modules'))
		editGreeting('never seen')
		expect((await launch()).stdout).toBe('hello\n')
		rmSync(join(root, 'dist'), { recursive: true })
		await expect(launch()).rejects.toMatchObject({
			code: 1,
			stderr: 'dist/cli/main.js is missing: run `npm ci && npm run build` first\n',
		})
	})

	it('reports a source that cannot be bundled and does not run an old bundle', async () => {
		await launch()
		writeFileSync(join(root, 'core/greeting.ts'), "export { greeting } from './nowhere.ts'")
		await expect(launch()).rejects.toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringContaining('nowhere.ts'),
		})
	})
})

describe('serve', () => {
	it('builds the admin once, also when started twice, and says so', async () => {
		const first = await Promise.all([launch('serve'), launch('serve')])
		for (const { stdout, stderr } of first) {
			expect(stdout).toMatch(/^building the admin \(first start\) …\n.*: done in [\d.]+ s\nhello serve\n$/)
			expect(stderr).toBe('')
		}
		expect(isAdminCurrent(root)).toBe(true)
		expect((await launch('serve')).stdout).toBe('hello serve\n')
		writeFileSync(join(root, 'web/static/robots.txt'), '')
		expect(isAdminCurrent(root)).toBe(false)
	})

	it('starts without an admin that cannot be built, and says why', async () => {
		writeFileSync(join(root, 'web/src/routes/(app)/(upstreams)/+page.svelte'), '<p>unclosed {#if}')
		const { stdout, stderr } = await launch('serve')
		expect(stdout).toMatch(/hello serve\n$/)
		expect(stderr).toContain('the admin could not be built')
		expect(stderr).toContain('+page.svelte')
	})
})
