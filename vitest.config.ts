import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
	test: {
		include: ['**/*.test.ts'],
		exclude: ['**/node_modules/**', '**/.svelte-kit/**', 'dist/**', 'web/build/**', '.cache/**', 'data/**'],
		// Processes, not threads: tests start servers, change the environment and load native code.
		pool: 'forks',
		testTimeout: 15_000,
		hookTimeout: 30_000,
		// The default leaves one core idle, which on two cores is half of them.
		maxWorkers: Math.max(2, availableParallelism() - 1),
	},
})
