import { describe, expect, it } from 'vitest'
import { upstreamTypes } from '../core/upstreams/registry.ts'
import { adminSources, projectRoot } from '../scripts/lib/layout.ts'
import {
	checkAdminSources,
	checkCorePackages,
	checkDirection,
	checkUpstreamIsolation,
	listUpstreamFolders,
} from './architecture/imports.ts'
import {
	checkLeftovers,
	checkNeutralProxy,
	checkPurity,
	checkSize,
	checkTestsRun,
	checkUpstreamFiles,
} from './architecture/rules.ts'
import { readSources } from './architecture/source.ts'

const sources = readSources(projectRoot)
const paths = sources.map(source => source.path)
const typeNames = new Set([...upstreamTypes, ...listUpstreamFolders(paths)])

describe('architecture', () => {
	it('reads the project', () => {
		expect(paths).toContain('core/ports.ts')
		expect(paths).toContain('web/src/routes/+layout.svelte')
		expect([...typeNames]).toContain('openai')
	})

	it('imports in one direction: cli -> api/_app -> db -> core', () => {
		expect(sources.flatMap(checkDirection)).toEqual([])
	})

	it('keeps the core free of packages, clock, randomness and runtime', () => {
		expect(sources.flatMap(checkCorePackages)).toEqual([])
		expect(sources.flatMap(checkPurity)).toEqual([])
	})

	it('keeps upstream types apart and out of the proxy', () => {
		expect(sources.flatMap(checkUpstreamIsolation)).toEqual([])
		expect(sources.flatMap(source => checkNeutralProxy(source, typeNames))).toEqual([])
	})

	it('gives every upstream type the same files', () => {
		const expected = ['index.ts', 'request.ts', 'response.ts', 'stream.ts', 'failure.ts']
		expect(checkUpstreamFiles(paths, expected)).toEqual([])
	})

	it('keeps files short', () => {
		expect(sources.flatMap(source => checkSize(source, 400))).toEqual([])
	})

	it('runs every test', () => {
		expect(sources.flatMap(checkTestsRun)).toEqual([])
	})

	it('leaves nothing open', () => {
		expect(sources.flatMap(checkLeftovers)).toEqual([])
	})

	it('rebuilds the admin when something it uses changes', () => {
		expect(sources.flatMap(source => checkAdminSources(source, adminSources))).toEqual([])
	})
})
