import { defineConfig } from 'vitest/config'
import { placeName } from '../../test/support/places/place.ts'
import { filterTags, placeTags } from '../../test/support/places/tags.ts'
import { projectRoot } from '../lib/layout.ts'

/** The end-to-end suite against a place (CLAUDE_PROXY_PLACE), with what is tested of places only. */
export default defineConfig({
	test: {
		root: projectRoot,
		include: ['test/e2e/**/*.test.ts', `test/deploy/places/{every,${placeName}}.place.ts`],
		tags: [...placeTags],
		...(placeName && { tagsFilter: [filterTags(placeName)] }),
		// A place has one adapter: its own.
		testNamePattern: /^(?!.*fetch adapter)/,
		pool: 'forks',
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// What a process in a place does by itself takes its time: it is not told to hurry.
		expect: { poll: { timeout: 10_000 } },
		maxWorkers: 2,
	},
})
