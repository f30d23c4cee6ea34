import { defineConfig } from 'vitest/config'
import { projectRoot } from '../lib/layout.ts'
import { notHere } from './not-here.ts'

/** The end-to-end suite against a place (CLAUDE_PROXY_PLACE), with what is tested of places only. */
export default defineConfig({
	test: {
		root: projectRoot,
		include: [
			'test/e2e/**/*.test.ts',
			`test/deploy/places/{every,${process.env.CLAUDE_PROXY_PLACE}}.place.ts`,
		],
		testNamePattern: new RegExp(`^(?!.*(?:${notHere(process.env.CLAUDE_PROXY_PLACE).join('|')}))`),
		pool: 'forks',
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// What a process in a place does by itself takes its time: it is not told to hurry.
		expect: { poll: { timeout: 10_000 } },
		maxWorkers: 2,
	},
})
