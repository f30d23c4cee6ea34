import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { learnedFactSchema } from '../config/learned-facts.ts'
import { findAdapter, upstreamTypes } from './registry.ts'

const learning = [...upstreamTypes].flatMap(type => findAdapter(type) ?? []).filter(adapter => adapter.learn)

/** Words that the rules look for, so that they are met often. */
const words = fc.constantFrom(
	...[
		'Unknown parameter:',
		"'stop'",
		'max_tokens',
		'is not supported',
		'Extra inputs are not permitted',
		'thinking',
	],
	...[
		'[1, 8192]',
		'maximum context length is 8 tokens',
		'Unknown name "x" at \'tools[0]\': Cannot find field',
		'image',
	],
	...[
		'reasoning_effort',
		'Supported values are:',
		'top level',
		'schema',
		'keyword',
		'role',
		'system',
		'signature',
		': ',
	],
)
const sentence = fc.array(fc.oneof(words, fc.string())).map(parts => parts.join(' '))
const json = fc.jsonValue()
const bodyJson = fc.oneof(
	json,
	fc.record({
		messages: json,
		tools: json,
		contents: json,
		generationConfig: json,
		stop: json,
		max_tokens: json,
	}),
)

test.each(learning.map(adapter => [adapter.type, adapter] as const))(
	'%s learns valid facts or none, whatever comes, and never throws',
	(_type, adapter) => {
		fc.assert(
			fc.property(
				sentence,
				json,
				bodyJson,
				fc.integer({ min: 400, max: 501 }),
				(message, more, sent, status) => {
					const body = JSON.stringify({ error: { message, more }, detail: more })
					const failure = adapter.readFailure({ status, headers: {}, body })
					const outgoing = { method: 'POST' as const, url: 'http://x', headers: { 'anthropic-beta': 'a' } }
					const lessons = adapter.learn?.(failure, { ...outgoing, body: JSON.stringify(sent) }) ?? []
					for (const { fact } of lessons) expect(learnedFactSchema.parse(fact)).toEqual(fact)
				},
			),
		)
	},
)
