import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findHome, locateDatabase } from './home.ts'

let folder: string
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-home-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const installed = '/usr/lib/node_modules/claude-proxy/dist/cli'
const find = (program: string, variables: NodeJS.ProcessEnv = {}) =>
	findHome({ workingDirectory: folder, userDirectory: '/home/me', program, variables })

describe('the folder of .env and database', () => {
	test('is the working directory of a checkout', () => {
		expect(find('/work/claude-proxy/dist/cli')).toEqual({
			directory: folder,
			databaseUrl: 'file:data/claude-proxy.db',
		})
	})

	test("is a folder of the user's for an installed program", () => {
		const own = { directory: '/home/me/.claude-proxy', databaseUrl: 'file:/home/me/.claude-proxy/data.db' }
		expect(find(installed)).toEqual(own)
		writeFileSync(join(folder, '.env'), 'DATABASE_URL=postgres://other\n')
		expect(find(installed)).toEqual(own)
	})

	test.each(['PROXY_ACCESS_KEY=x', 'TURSO_DATABASE_URL=file:a.db'])(
		'is the working directory where its .env has %s',
		line => {
			writeFileSync(join(folder, '.env'), `${line}\n`)
			expect(find(installed).directory).toBe(folder)
		},
	)

	test('is the working directory where our database lies', () => {
		mkdirSync(join(folder, 'data'))
		writeFileSync(join(folder, 'data/claude-proxy.db'), '')
		expect(find(installed).directory).toBe(folder)
	})

	test('is CLAUDE_PROXY_HOME where that is set', () => {
		const chosen = { directory: '/srv/cp', databaseUrl: 'file:/srv/cp/data.db' }
		expect(find(installed, { CLAUDE_PROXY_HOME: '/srv/cp' })).toEqual(chosen)
		expect(find('/checkout', { CLAUDE_PROXY_HOME: '/srv/cp' })).toEqual(chosen)
	})
})

test('a relative file URL counts from the folder of its .env', () => {
	expect(locateDatabase('file:data.db', '/srv/cp')).toBe('file:/srv/cp/data.db')
	expect(locateDatabase('file:data.db', process.cwd())).toBe('file:data.db')
	expect(locateDatabase('file:/a/b.db', '/srv/cp')).toBe('file:/a/b.db')
	expect(locateDatabase('libsql://x.turso.io', '/srv/cp')).toBe('libsql://x.turso.io')
})
