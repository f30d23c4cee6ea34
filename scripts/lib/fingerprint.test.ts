import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeFingerprint } from './fingerprint.ts'

let root: string
const take = () => takeFingerprint(root, ['core', 'package.json'])

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'fingerprint-'))
	mkdirSync(join(root, 'core/keys'), { recursive: true })
	writeFileSync(join(root, 'package.json'), '{}')
	writeFileSync(join(root, 'core/keys/mask.ts'), 'one')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('stays the same while nothing changes', () => {
	expect(take()).toBe(take())
})

it.each<[string, () => void]>([
	['a file is added', () => writeFileSync(join(root, 'core/new.ts'), '')],
	['a file is removed', () => rmSync(join(root, 'core/keys/mask.ts'))],
	['a file is renamed', () => renameSync(join(root, 'core/keys/mask.ts'), join(root, 'core/keys/other.ts'))],
	['a file is written with the same length', () => rewrite('core/keys/mask.ts', 'two')],
	['the package changes', () => rewrite('package.json', '[]')],
])('changes when %s', (_name, change) => {
	const before = take()
	change()
	expect(take()).not.toBe(before)
})

it.each(['core/keys/mask.test.ts', 'core/README.md', 'core/node_modules/a.ts', 'web/page.ts'])(
	'does not care about %s',
	path => {
		const before = take()
		mkdirSync(join(root, path, '..'), { recursive: true })
		writeFileSync(join(root, path), 'text')
		expect(take()).toBe(before)
	},
)

function rewrite(path: string, text: string): void {
	writeFileSync(join(root, path), text)
	// A file system with coarse times must not make this test pass or fail by chance.
	const later = new Date(Date.now() + 5000)
	utimesSync(join(root, path), later, later)
}
