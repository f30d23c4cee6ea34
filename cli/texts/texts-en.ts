import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import type { KeyStateName, UpstreamStateName } from '../../core/views/states.ts'
import type { Finding } from '../doctor/finding.ts'

type StateName = KeyStateName | UpstreamStateName
type Counts = Record<Finding['level'], number>

const outcomes: Readonly<Record<ProbeResult['class'], string>> = {
	...{ ok: 'ok', auth: 'auth', quota: 'quota', rate_limit: 'rate limit', server: 'server' },
	...{ network: 'network', timeout: 'timeout', client: 'client', moderation: 'moderation' },
	cancelled: 'cancelled',
}

const count = (number: number, what: string) => (number === 1 ? `1 ${what}` : `${number} ${what}s`)

/** Of a key: how often in a row, by whom, and of which model only; empty where nobody, and of all. */
interface KeyEvent {
	count: number
	author: string
	model: string
}

interface KeyFailed extends KeyEvent {
	isOver: boolean
	cooldown: string
}

const by = (author: string) => (author === '' ? '' : ` by ${author}`)
const timesFor = ({ count, model }: Pick<KeyEvent, 'count' | 'model'>) =>
	`${count > 1 ? ` ${count} times` : ''}${model === '' ? '' : ` for ${model}`}`

/** What commands say to people, in English. `texts-zh.ts` has the same in Chinese. */
export const english = {
	/**
	 * A whole sentence that is written in English where it is said, since programs get it as well: what went wrong, what
	 * helps, what was found.
	 */
	say: (sentence: string) => sentence,
	list: (parts: readonly string[]) => parts.join(', '),
	period: (first: string, last: string) => `${first} to ${last}`,
	/** Of a text that has both languages. */
	choose: ({ en }: { en: string; zh: string }) => en,
	/** Why an upstream was not reached. Its own words stay as they are, even those that look like ours. */
	sayFault: (message: string) => message,
	/** The title of a column, or the name of a fact. */
	label: (text: string) => text,
	marks: { error: 'error:', hint: 'hint:', note: 'note:', warning: 'warning:', yesNo: '[y/N]' },
	/** Behind the name of the upstream that answers requests. */
	currentMark: ' (current)',
	states: {
		...{ ready: 'ready', current: 'ready', degraded: 'degraded', cooling: 'cooling' },
		...{ paused: 'paused', disabled: 'disabled', unreadable: 'unreadable', 'no-keys': 'no keys' },
	} as Readonly<Record<StateName, string>>,
	state: {
		trial: ', on trial',
		trialAlone: 'on trial',
		forModel: (model: string) => `for ${model}`,
		why: (reason: string) => ` (${reason})`,
		coolingFor: (models: readonly string[]) => ` (cooling for ${models.join(', ')})`,
	},
	outcomes,
	/** Of a request: the class of its failure, or how it ended; as `--status` takes it. */
	outcome: (word: string) => word,
	/** What happened to a key. */
	event: {
		failed: ({ isOver, cooldown, ...event }: KeyFailed) =>
			`failed${timesFor(event)}, ${isOver ? `cooled ${cooldown}` : `cools ${cooldown} more`}`,
		probe: (event: KeyEvent) => `tried again${timesFor(event)}`,
		recovered: ({ model }: KeyEvent) => `works again${timesFor({ count: 1, model })}`,
		cleared: ({ author, model }: KeyEvent) => `cooldown cleared${by(author)}${timesFor({ count: 1, model })}`,
		demoted: () => 'moved to the end',
		promoted: ({ author }: KeyEvent) => `put back in its place${by(author)}`,
	},
	/** Why a key failed: its class, and the upstream's words. */
	reason: { failed: 'failed', because: (kind: string, words: string) => `${kind}: ${words}` },
	/** Of rules of a model map. */
	kinds: { exact: 'name', glob: 'pattern', tier: 'tier', none: '' },
	status: {
		heads: {
			...{ index: '#', upstream: 'UPSTREAM', type: 'TYPE', keys: 'KEYS', state: 'STATE' },
			...{ latency: 'LATENCY', requests: '24H REQ', ok: 'OK', lastError: 'LAST ERROR' },
		},
		current: 'current',
		keys: (total: number, cooling: number) => `${total} (${cooling} cooling)`,
		ago: (error: string, time: string) => `${error}, ${time} ago`,
		strategy: (name: string) => `strategy ${name}`,
		database: (label: string, ms: number) => `db ${label} ${ms} ms`,
		/** Columns that the last error is worth, though others have to give way. */
		leastError: 16,
		cooling: (keys: number) => `${count(keys, 'key')} cooling`,
		ends: 'Ctrl-C ends',
	},
	test: {
		heads: ['NAME', 'RESULT', 'STATUS', 'CONNECT', 'FIRST BYTE', 'TOTAL', 'KEY', 'MODEL'],
		called: (url: string) => `called POST ${url}`,
		left: (number: number) => `${number} not tested`,
		progress: (name: string, outcome: string, ms: number) => `${name}: ${outcome}, ${ms} ms`,
	},
	doctor: {
		levels: { ok: 'ok', warn: 'warn', fail: 'FAIL', skip: '-' } as Readonly<Record<Finding['level'], string>>,
		area: (area: string) => area,
		solved: 'solved',
		asking: (upstreams: number) => `asking ${count(upstreams, 'upstream')} …`,
		checking: (upstream: string, title: string) => `${upstream}: ${title} …`,
		summary: ({ ok, warn, fail }: Counts) =>
			[
				`${ok} ok`,
				...(warn > 0 ? [count(warn, 'warning')] : []),
				...(fail > 0 ? [count(fail, 'problem')] : []),
			].join(', '),
	},
}

export type CliTexts = typeof english
