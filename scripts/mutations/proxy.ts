import { breakages, type Mutation } from './mutation.ts'

const proxy = ['core/proxy']
const failover = ['test/e2e/failover.test.ts', 'test/e2e/rate-limit.test.ts', 'test/e2e/keys.test.ts']
const streams = ['test/e2e/streams.test.ts', 'test/e2e/http.test.ts']
const healing = ['test/e2e/self-healing.test.ts']

/** From the client's request to its answer, over all attempts. */
export const proxyMutations: readonly Mutation[] = [
	...breakages(
		'core/proxy/converted-answer.ts',
		[...proxy, ...streams],
		[
			[
				'byte === 0x7b || byte === 0x5b || byte === 0x3c',
				'byte === 0x3c',
				'JSON where a stream was asked for is lost',
			],
			[
				'if (failure && !this.#accepted && !hasContent) return',
				'if (failure && hasContent) return',
				'an early error is passed on instead of tried again',
				[...proxy, ...failover],
			],
		],
	),
	...breakages('core/proxy/client-answer.ts', proxy, [
		['if (this.#quiet) {', 'if (!this.#quiet) {', 'pings come between events and not in silence'],
		['this.exchange?.pause()', '', 'a slow client fills the memory'],
		['\\n\\nevent: error', 'event: error', 'the error hides in a half-sent event', [...proxy, ...streams]],
	]),
	...breakages('core/proxy/failure-classes.ts', failover, [
		[
			"rate_limit: { ...upstreamIsAtFault, scope: 'model'",
			"rate_limit: { ...upstreamIsAtFault, scope: 'key'",
			'one model’s limit cools the key for all',
		],
		['quota: { ...keyIsAtFault, demote: true }', 'quota: keyIsAtFault', 'an empty key stays first'],
		['nextKey: false', 'nextKey: true', 'a bad request burns all keys'],
	]),
	...breakages('core/proxy/key-loop.ts', failover, [
		[
			'if (result.committed) return',
			'if (!result) return',
			'a second answer follows half of the first',
			['test/e2e/failover.test.ts'],
		],
		['tried.add(key.id)', 'tried.add(key.id).clear()', 'a key is tried without end'],
		['if (repaired) continue', '', 'a repaired request is not sent', healing],
	]),
	...breakages('core/proxy/converted-stream.ts', streams, [
		["if (startSent) return ''", "if (startSent) void ''", 'message_start comes again and again'],
	]),
	...breakages(
		'core/proxy/errors.ts',
		[...proxy, ...failover, 'test/e2e/bad-input.test.ts', 'test/e2e/sdk.test.ts'],
		[
			['errorBody({ ...fitting, ...own }', 'errorBody(fitting', 'details that SDKs act on are lost'],
			['...(details && { details })', '', 'the SDK does not go on without threads'],
			[
				"headers['x-should-retry'] = 'false'",
				"headers['x-should-retry'] = 'true'",
				'clients try again in vain',
			],
		],
	),
	...breakages('core/proxy/repair.ts', healing, [
		[
			'learned.filter(({ lasting }) => lasting)',
			'learned.filter(({ lasting }) => !lasting)',
			'what was learned is forgotten',
		],
	]),
	...breakages(
		'core/proxy/prepare.ts',
		[...streams, 'test/e2e/models.test.ts', 'test/e2e/sdk.test.ts'],
		[
			['model: request.model,', 'model,', 'the client is told another model'],
			[
				"members.get('stream')?.kind === 'true'",
				"members.get('stream') !== undefined",
				'`stream: false` streams',
			],
		],
	),
	...breakages(
		'core/proxy/passed-answer.ts',
		[...proxy, ...streams],
		[
			[
				'if (this.#options.stream && !complete) {',
				'if (this.#options.stream && complete) {',
				'a cut-off stream ends as a success',
			],
		],
	),
]
