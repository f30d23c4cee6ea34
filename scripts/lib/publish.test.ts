import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listFiles, publishFolder } from './publish.ts'

let root: string
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'publish-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('puts a first build in place, folders included', () => {
	publishFolder(makeBuild({ 'main.js': 'a', 'chunks/x.js': 'x' }), join(root, 'dist'), 'main.js')
	expect(listFiles(join(root, 'dist'))).toEqual(['chunks/x.js', 'main.js'])
})

it('keeps the parts of the build it replaces, and removes those of the one before', () => {
	const dist = join(root, 'dist')
	publishFolder(makeBuild({ 'main.js': '1', 'one.js': '' }), dist, 'main.js')
	makeOlder(dist, 2)
	publishFolder(makeBuild({ 'main.js': '2', 'two.js': '' }), dist, 'main.js')
	expect(listFiles(dist)).toEqual(['main.js', 'one.js', 'two.js'])
	makeOlder(dist, 1, ['main.js', 'two.js'])
	publishFolder(makeBuild({ 'main.js': '3', 'three.js': '' }), dist, 'main.js')
	expect(listFiles(dist)).toEqual(['main.js', 'three.js', 'two.js'])
	expect(readFileSync(join(dist, 'main.js'), 'utf8')).toBe('3')
})

it('never removes what another process is publishing at the same time', () => {
	const dist = join(root, 'dist')
	publishFolder(makeBuild({ 'main.js': '1' }), dist, 'main.js')
	makeOlder(dist, 3)
	writeFileSync(join(dist, 'half-published.js'), '')
	publishFolder(makeBuild({ 'main.js': '2' }), dist, 'main.js')
	expect(existsSync(join(dist, 'half-published.js'))).toBe(true)
})

let builds = 0
function makeBuild(files: Record<string, string>): string {
	builds += 1
	const folder = join(root, `build-${builds}`)
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true })
		writeFileSync(join(folder, name), text)
	}
	return folder
}

function makeOlder(folder: string, hours: number, files = listFiles(folder)): void {
	const then = new Date(Date.now() - hours * 3_600_000)
	for (const file of files) utimesSync(join(folder, file), then, then)
}
