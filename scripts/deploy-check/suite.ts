import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlaceName } from '../../test/support/places/place.ts'
import { projectRoot } from '../lib/layout.ts'
import { run } from './run.ts'

export interface SuiteResult {
	passed: number
	failed: string[]
}

interface JsonReport {
	numPassedTests: number
	testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[]
}

/** Runs the end-to-end suite against a place; what it prints goes to the terminal. */
export async function runSuite(
	place: PlaceName,
	env: Readonly<Record<string, string>>,
	filters: readonly string[],
): Promise<SuiteResult> {
	const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-report-'))
	const report = join(folder, 'report.json')
	const config = 'scripts/deploy-check/vitest.config.ts'
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
	const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs')
	const args = [vitest, 'run', '--config', config, ...reporters, ...filters]
	const all = { ...env, CLAUDE_PROXY_PLACE: place }
	const ended = run(process.execPath, args, { cwd: projectRoot, env: all, visible: true })
	const failure = await ended.then(() => undefined).catch(error => error as Error)
	try {
		return readReport(JSON.parse(readFileSync(report, 'utf8')) as JsonReport)
	} catch {
		throw failure ?? new Error('the suite left no report')
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}

function readReport({ numPassedTests, testResults }: JsonReport): SuiteResult {
	const failed = testResults.flatMap(({ name, status, assertionResults }) => {
		const names = assertionResults.filter(each => each.status === 'failed').map(each => each.fullName)
		return names.length === 0 && status === 'failed' ? [name] : names
	})
	return { passed: numPassedTests, failed }
}
