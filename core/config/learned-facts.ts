import { z } from 'zod'

/**
 * What an upstream's refusals taught about one of its models: each fact changes the requests that follow, so that the
 * same refusal is not met twice. Stored as JSON per upstream and model; what this version cannot read is ignored.
 */
export const learnedFactSchema = z.discriminatedUnion('kind', [
	/** The field that the answer's length goes into. */
	z.object({ kind: z.literal('token-field'), field: z.enum(['max_tokens', 'max_completion_tokens']) }),
	/** Most output tokens it takes. */
	z.object({ kind: z.literal('token-limit'), limit: z.int().min(1) }),
	/** A field it does not take: `stream_options`, `tools.*.defer_loading`. `*` stands for every element. */
	z.object({ kind: z.literal('no-field'), path: z.string().min(1).max(300) }),
	/** The only reasoning efforts it takes. */
	z.object({ kind: z.literal('efforts'), values: z.array(z.string().max(20)).min(1).max(10) }),
	/** Tools and reasoning exclude each other; `off`: reasoning has to be turned off by name. */
	z.object({ kind: z.literal('no-effort-with-tools'), off: z.boolean() }),
	/** The only thinking budgets it takes. */
	z.object({ kind: z.literal('budgets'), min: z.int(), max: z.int() }),
	/** Thinking takes this form only; `none`: no form at all. */
	z.object({ kind: z.literal('thinking-type'), type: z.enum(['adaptive', 'none']) }),
	/** A role of messages it does not take. */
	z.object({ kind: z.literal('no-role'), role: z.enum(['system', 'developer']) }),
	/** A JSON Schema keyword it does not take in tools; `root`: only not at their top level. */
	z.object({ kind: z.literal('no-keyword'), keyword: z.string().min(1).max(60), root: z.boolean() }),
	/** One message of the user at a time, and never right after a tool's result. */
	z.object({ kind: z.literal('role-order') }),
	/** It reads no images, or no documents. */
	z.object({ kind: z.literal('no-media'), media: z.enum(['image', 'document']) }),
	/** Whether earlier thinking goes back as `reasoning_content`. */
	z.object({ kind: z.literal('reasoning-content'), wanted: z.boolean() }),
	/** A value of `anthropic-beta` it does not know; `*`: none at all. */
	z.object({ kind: z.literal('no-beta'), beta: z.string().min(1).max(100) }),
	/** It wants a thought signature on each call in history. */
	z.object({ kind: z.literal('call-signatures') }),
	/** Thinking in history carries signatures that are not its own. True of a conversation, never of a model. */
	z.object({ kind: z.literal('foreign-thinking') }),
	/** Search results in history were encrypted by another service. True of a conversation, never of a model. */
	z.object({ kind: z.literal('foreign-search') }),
	/** Calls in history have ids that it does not take. True of a conversation, never of a model. */
	z.object({ kind: z.literal('foreign-tool-ids') }),
])

export type LearnedFact = z.infer<typeof learnedFactSchema>

/** Facts of one identity replace each other: a lower limit takes the place of the one known before. */
export function factDetail(fact: LearnedFact): string {
	switch (fact.kind) {
		case 'no-field':
			return fact.path
		case 'no-role':
			return fact.role
		case 'no-keyword':
			return fact.root ? `${fact.keyword} at the root` : fact.keyword
		case 'no-media':
			return fact.media
		case 'no-beta':
			return fact.beta
		default:
			return ''
	}
}

export function isSameFact(one: LearnedFact, other: LearnedFact): boolean {
	return one.kind === other.kind && factDetail(one) === factDetail(other)
}

/** The facts with one more, which replaces the one of its identity. */
export function addFact(facts: readonly LearnedFact[], fact: LearnedFact): LearnedFact[] {
	return [...facts.filter(known => !isSameFact(known, fact)), fact]
}

/** One line for people; the field is the one that a note names. */
export function describeFact(fact: LearnedFact): { field: string; detail: string } {
	switch (fact.kind) {
		case 'token-field':
			return { field: 'max_tokens', detail: `the upstream wants ${fact.field}` }
		case 'token-limit':
			return { field: 'max_tokens', detail: `the upstream takes at most ${fact.limit} output tokens` }
		case 'no-field':
			return { field: fact.path, detail: `the upstream does not take ${fact.path}` }
		case 'efforts':
			return { field: 'thinking', detail: `the upstream takes these efforts: ${fact.values.join(', ')}` }
		case 'no-effort-with-tools':
			return { field: 'thinking', detail: 'the upstream does not reason while it has tools' }
		case 'budgets':
			return { field: 'thinking', detail: `the upstream takes ${fact.min} to ${fact.max} thinking tokens` }
		case 'thinking-type':
			return { field: 'thinking', detail: describeThinking(fact.type) }
		case 'no-role':
			return { field: 'messages', detail: `the upstream takes no messages of role ${fact.role}` }
		case 'role-order':
			return { field: 'messages', detail: 'the upstream wants user and assistant to take turns' }
		case 'no-keyword':
			return { field: 'tools', detail: `the upstream does not take ${factDetail(fact)} of a tool's schema` }
		case 'no-media':
			return { field: 'messages', detail: `the upstream reads no ${fact.media}s` }
		case 'reasoning-content':
			return {
				field: 'messages',
				detail: `the upstream ${fact.wanted ? 'wants' : 'takes no'} reasoning_content`,
			}
		case 'no-beta':
			return { field: 'anthropic-beta', detail: `the upstream does not know ${describeBeta(fact.beta)}` }
		case 'call-signatures':
			return { field: 'messages', detail: 'the upstream wants a thought signature on each call' }
		case 'foreign-thinking':
			return { field: 'messages', detail: 'thinking that another upstream signed was left out' }
		case 'foreign-tool-ids':
			return { field: 'messages', detail: 'ids of tool calls that another upstream gave were replaced' }
		case 'foreign-search':
			return { field: 'messages', detail: 'search results that another service encrypted became text' }
	}
}

function describeThinking(type: 'adaptive' | 'none'): string {
	return type === 'none' ? 'the upstream takes no thinking' : 'the upstream takes adaptive thinking only'
}

function describeBeta(beta: string): string {
	return beta === '*' ? 'any of the beta flags' : `the beta ${beta}`
}
