import { describe, expect, it } from 'vitest'
import { checkAdminSources, checkCorePackages, checkDirection, checkUpstreamIsolation } from './imports.ts'
import {
	checkLeftovers,
	checkNeutralProxy,
	checkPurity,
	checkSize,
	checkTestsRun,
	checkUpstreamFiles,
} from './rules.ts'
import { createSource } from './source.ts'

describe('the dependency direction', () => {
	it.each([
		['db/client.ts', "import { x } from '../api/_app/app.ts'", 'db must not import api/_app/app.ts'],
		['core/messages/a.ts', "export * from '../upstreams/contract.ts'", 'core/messages must not import'],
		['core/upstreams/openai/index.ts', "import '../../proxy/attempt.ts'", 'core/upstreams must not import'],
		['core/keys/a.ts', "const a = await import('../proxy/a.ts')", 'core/keys must not import'],
		['core/config/a.ts', "type A = import('../keys/mask.ts').A", 'core/config must not import'],
		['api/_app/app.ts', "import type { A } from '../../cli/main.ts'", 'api/_app must not import cli/main.ts'],
		['web/src/a.ts', "import { app } from '../../api/_app/app.ts'", 'web must not import api/_app/app.ts'],
		[
			'web/src/A.svelte',
			"<p>\n</p><script>\nimport '../../db/a.ts'</script>",
			'web/src/A.svelte:3  web must',
		],
	])('is broken by %s: %s', (path, text, sentence) => {
		expect(checkDirection(createSource(path, text))).toEqual([expect.stringContaining(sentence)])
	})

	it.each([
		['cli/main.ts', "import { x } from '../core/keys/mask.ts'"],
		['core/proxy/attempt.ts', "import { x } from '../keys/mask.ts'"],
		['web/src/a.ts', "import type { App } from '../../api/_app/app.ts'"],
		['core/messages/a.test.ts', "import { x } from '../../test/support/a.ts'"],
	])('allows %s: %s', (path, text) => {
		expect(checkDirection(createSource(path, text))).toEqual([])
	})
})

describe('the core', () => {
	it('imports no package but two', () => {
		const source = createSource('core/a.ts', "import 'node:fs'\nimport { z } from 'zod'\nimport 'hono'")
		expect(checkCorePackages(source)).toEqual([
			'core/a.ts:1  core must not import node:fs',
			'core/a.ts:3  core must not import hono',
		])
	})

	it.each([
		'Date.now()',
		'Math.random()',
		'console.log(1)',
		'process.env.A',
		'setTimeout(a, 1)',
		'new Date()',
	])('has no %s', text => {
		expect(checkPurity(createSource('core/a.ts', `const b = ${text}`))).toHaveLength(1)
		expect(checkPurity(createSource('core/a.test.ts', `const b = ${text}`))).toEqual([])
	})

	it('may use those words as names of its own', () => {
		const text = 'clock.process(1)\nconst a = { console: 1 }\n// Date.now() is not here\nnew Date(0)'
		expect(checkPurity(createSource('core/a.ts', text))).toEqual([])
	})

	it('keeps upstream types out of the proxy and apart from each other', () => {
		const proxy = createSource('core/proxy/a.ts', "\nif (type === 'gemini') run()")
		expect(checkNeutralProxy(proxy, new Set(['gemini']))).toEqual([
			"core/proxy/a.ts:2  core/proxy must not name the upstream type 'gemini'",
		])
		const text = "import '../gemini/index.ts'\nimport '../shared/a.ts'\nimport '../contract.ts'"
		expect(checkUpstreamIsolation(createSource('core/upstreams/openai/index.ts', text))).toEqual([
			'core/upstreams/openai/index.ts:1  upstream type openai must not import gemini',
		])
	})

	it('has the same files for every upstream type', () => {
		const paths = ['core/upstreams/a/index.ts', 'core/upstreams/shared/b.ts', 'core/upstreams/contract.ts']
		expect(checkUpstreamFiles(paths, ['index.ts', 'request.ts'])).toEqual([
			'core/upstreams/a/request.ts:1  every upstream type has this file',
		])
	})
})

describe('every file', () => {
	it('stays short', () => {
		const text = 'a\n'.repeat(4)
		expect(checkSize(createSource('db/a.ts', text), 3)).toEqual(['db/a.ts:4  4 lines; at most 3'])
		expect(checkSize(createSource('db/a.ts', text), 4)).toEqual([])
		expect(checkSize(createSource('db/migrations/a.ts', text), 3)).toEqual([])
	})

	it.each(['it.skip', 'describe.only', 'test.todo', 'it.concurrent.only'])('runs its tests: no %s', call => {
		const source = createSource('db/a.test.ts', `\n${call}('x', () => {})`)
		expect(checkTestsRun(source)).toEqual([
			expect.stringMatching(/^db\/a\.test\.ts:2 {2}\w+\.\w+ hides a test$/),
		])
	})

	it.each([`// TO${'DO'} later`, `// @ts-${'ignore'}`])('leaves nothing open: %s', line => {
		expect(checkLeftovers(createSource('db/a.ts', `a\n${line}`))).toEqual([
			expect.stringMatching(/^db\/a\.ts:2 /),
		])
		expect(checkLeftovers(createSource('db/a.ts', 'todos.push(1)'))).toEqual([])
	})
})

it('tells when the admin uses a folder that does not count as its source', () => {
	const source = createSource('web/src/a.ts', "import { x } from '../../core/config/upstream.ts'")
	expect(checkAdminSources(source, ['web', 'core/config'])).toEqual([])
	expect(checkAdminSources(source, ['web'])).toEqual([
		'web/src/a.ts:1  core/config/upstream.ts is missing in adminSources (scripts/lib/layout.ts)',
	])
})
