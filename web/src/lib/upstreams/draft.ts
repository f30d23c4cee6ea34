import { hidden } from '../../../../core/config/redact.ts'
import type { UpstreamConfig } from '../../../../core/config/upstream.ts'

export interface Rule {
	/** Of the row, while it is edited. */
	id: number
	from: string
	to: string
}

export interface Header {
	id: number
	name: string
	value: string
}

/** An upstream while it is edited: numbers as typed, maps as rows. */
export interface Draft {
	name: string
	type: string
	baseUrl: string
	website: string
	description: string
	enabled: boolean
	authStyle: UpstreamConfig['authStyle']
	/** In seconds. */
	timeout: string
	/** In seconds. */
	firstContent: string
	maxConcurrent: string
	keyConcurrent: string
	proxyUrl: string
	insecureSkipVerify: boolean
	rules: Rule[]
	headers: Header[]
	/** Of a new upstream: keys as pasted. */
	keyText: string
	/** Of a new upstream. */
	makeCurrent: boolean
}

let lastRow = 0
export const nextRow = () => ++lastRow

export function emptyDraft(): Draft {
	return {
		...{ name: '', type: 'claude', baseUrl: '', website: '', description: '', enabled: true },
		...{ authStyle: 'auto', proxyUrl: '', insecureSkipVerify: false },
		...{ timeout: '0', firstContent: '0', maxConcurrent: '0', keyConcurrent: '0' },
		...{ rules: [], headers: [], keyText: '', makeCurrent: false },
	}
}

/** @param upstream as the API shows it: hidden values stand as they are hidden, and mean "as stored" */
export function toDraft(upstream: UpstreamConfig): Draft {
	const { name, type, baseUrl, website, description, enabled, authStyle, proxyUrl, insecureSkipVerify } =
		upstream
	return {
		...emptyDraft(),
		...{ name, type, baseUrl, website, description, enabled, authStyle, proxyUrl, insecureSkipVerify },
		timeout: String(upstream.timeoutMs / 1000),
		firstContent: String(upstream.firstContentMs / 1000),
		maxConcurrent: String(upstream.maxConcurrent),
		keyConcurrent: String(upstream.keyConcurrent),
		rules: toRules(upstream.modelMap),
		headers: Object.entries(upstream.extraHeaders).map(([header, value]) => {
			return { id: nextRow(), name: header, value }
		}),
	}
}

/** For a new upstream that begins as a copy: without keys, and without what is hidden. */
export function copyDraft(upstream: UpstreamConfig, name: string): Draft {
	const draft = toDraft(upstream)
	const open = (text: string) => (text.includes(hidden) ? '' : text)
	return {
		...draft,
		...{ name, baseUrl: open(draft.baseUrl), website: open(draft.website), proxyUrl: open(draft.proxyUrl) },
		headers: draft.headers.map(header => ({ ...header, value: open(header.value) })),
	}
}

export function toRules(modelMap: Readonly<Record<string, string>>): Rule[] {
	return Object.entries(modelMap).map(([from, to]) => ({ id: nextRow(), from, to }))
}

/** What the rows mean; those without anything in them mean nothing. */
export function toModelMap(rules: readonly Rule[]): Record<string, string> {
	const filled = rules.filter(({ from, to }) => from.trim() !== '' || to.trim() !== '')
	return Object.fromEntries(filled.map(({ from, to }) => [from.trim(), to.trim()]))
}

/** The configuration that the draft stands for, not checked. */
export function toConfig(draft: Draft): UpstreamConfig {
	const { enabled, authStyle, insecureSkipVerify, type } = draft
	const headers = draft.headers.filter(({ name, value }) => name.trim() !== '' || value !== '')
	return {
		...{ enabled, authStyle, insecureSkipVerify, type },
		name: draft.name.trim(),
		baseUrl: draft.baseUrl.trim(),
		website: draft.website.trim(),
		description: draft.description.trim(),
		proxyUrl: draft.proxyUrl.trim(),
		timeoutMs: Math.round(toNumber(draft.timeout) * 1000),
		firstContentMs: Math.round(toNumber(draft.firstContent) * 1000),
		maxConcurrent: toNumber(draft.maxConcurrent),
		keyConcurrent: toNumber(draft.keyConcurrent),
		modelMap: toModelMap(draft.rules),
		extraHeaders: Object.fromEntries(headers.map(({ name, value }) => [name.trim(), value])),
	}
}

/** Nothing typed is 0, the usual; what is no number stays none. */
const toNumber = (text: string) => (text.trim() === '' ? 0 : Number(text))

/** The fields that differ, as a change of them would be sent. */
export function findChanges(before: UpstreamConfig, after: UpstreamConfig): Partial<UpstreamConfig> {
	const names = Object.keys(after) as (keyof UpstreamConfig)[]
	const changed = names.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
	return Object.fromEntries(changed.map(name => [name, after[name]]))
}

/** Only what can be configured, of what the API shows. */
export function pickConfig(upstream: UpstreamConfig): UpstreamConfig {
	return toConfig(toDraft(upstream))
}
