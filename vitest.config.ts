import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { placeTags } from './test/support/places/tags.ts'

export default defineConfig({
	test: {
		exclude: ['**/node_modules/**', '**/.svelte-kit/**', 'dist/**', 'web/build/**', '.cache/**', 'data/**'],
		// Processes, not threads: tests start servers, change the environment and load native code.
		pool: 'forks',
		// Which end-to-end tests are not for every way to run claude-proxy: `npm run deploy:check`.
		tags: [...placeTags],
		// Only what hangs comes here: a loaded computer may be twenty times slower than a quiet one.
		testTimeout: 120_000,
		hookTimeout: 180_000,
		expect: { poll: { timeout: 60_000 } },
		// The default leaves one core idle, which on two cores is half of them.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				extends: true,
				test: { name: 'node', include: ['**/*.test.ts'], exclude: ['test/browser/**/*.test.ts'] },
			},
			{
				extends: true,
				test: {
					name: 'browser',
					include: ['test/browser/**/*.test.ts'],
					globalSetup: ['test/browser/support/global-setup.ts'],
					// Pages come together by and by, and slowly on a slow computer: nothing is judged by how long it took.
					testTimeout: 240_000,
					// A page on a busy computer may be slower than the test's hand; what is broken fails twice.
					retry: 1,
				},
			},
		],
	},
})
