import type { Messages } from '../i18n/messages/en/index.ts'
import type { Session } from '../session/session.svelte.ts'
import { createMessage, type Draft, emptyDraft } from './draft.ts'
import { DryRun } from './dry-run.svelte.ts'
import type { Answer } from './live-answer.ts'
import { checkDraft, type Problems, readBody } from './problems.ts'
import { keepRecent, type Recent, readRecent, storeRecent } from './recent.ts'
import { type Body, fromBody, jsonPart, toBody } from './request-body.ts'
import { Run } from './run.svelte.ts'

/** A place where an answer appears: whom to ask, and what came of it. */
export class Column {
	/** Empty: as the proxy would choose. */
	upstreamId = $state('')
	readonly run: Run
	readonly dryRun: DryRun

	constructor(session: Session, upstreamId = '') {
		this.upstreamId = upstreamId
		this.run = new Run(session)
		this.dryRun = new DryRun(session)
	}
}

/** What is on the page: the request that is typed, and the answers. */
export class Playground {
	draft: Draft = $state(emptyDraft())
	/** The whole request as JSON, while it is typed so. */
	json: string | undefined = $state()
	/** `anthropic-beta` and the like, of a recorded request. */
	headers: Readonly<Record<string, string>> = $state.raw({})
	first: Column
	/** Beside the first, to compare. */
	second: Column | undefined = $state.raw()
	recent: readonly Recent[] = $state.raw(readRecent())
	#session: Session
	#words: () => Messages['playground']['problems']

	constructor(session: Session, words: () => Messages['playground']['problems']) {
		this.#session = session
		this.#words = words
		this.first = new Column(session)
	}

	readonly #typed = $derived.by(() =>
		this.json === undefined ? undefined : readBody(this.json, this.#words()),
	)
	readonly problems: Problems = $derived.by(() => {
		if (this.#typed === undefined) return checkDraft(this.draft, this.#words())
		return this.#typed.problem === undefined ? {} : { json: this.#typed.problem }
	})
	/** Undefined while something is wrong with it. */
	readonly request: Body | undefined = $derived.by(() => {
		if (Object.keys(this.problems).length > 0) return undefined
		return this.#typed === undefined ? toBody(this.draft) : this.#typed.body
	})
	readonly columns: readonly Column[] = $derived.by(() =>
		this.second === undefined ? [this.first] : [this.first, this.second],
	)
	readonly running = $derived.by(() => this.columns.some(({ run }) => run.state === 'running'))

	start(): void {
		const { request, headers } = this
		if (request === undefined || this.running) return
		for (const { run, upstreamId } of this.columns) void run.start({ upstreamId, request, headers })
		this.recent = keepRecent(this.recent, Date.now(), this.first.upstreamId, request)
		storeRecent(this.recent)
	}

	stop(): void {
		for (const { run } of this.columns) run.stop()
	}

	compare(upstreamId: string): void {
		this.second = new Column(this.#session, upstreamId)
	}

	endComparing(): void {
		this.second?.run.stop()
		this.second = undefined
	}

	/** Begins anew with a request. */
	use(body: Body, headers: Readonly<Record<string, string>> = {}): void {
		this.headers = headers
		this.fill(fromBody(body))
	}

	fill(draft: Draft): void {
		this.draft = draft
		if (this.json !== undefined) this.json = write(toBody(draft))
	}

	/** Between form and JSON; false when what was typed cannot be shown as a form. */
	showJson(wanted: boolean): boolean {
		if (wanted === (this.json !== undefined)) return true
		if (wanted) {
			// What is not right yet is written out as well as it can be.
			this.json = write(toBody($state.snapshot(this.draft) as Draft))
			return true
		}
		const body = this.#typed?.body
		if (body === undefined) return false
		this.draft = fromBody(body)
		this.json = undefined
		return true
	}

	/** Puts the answer behind the messages, with room for what comes next: results of its tool calls, or a text. */
	goOn({ blocks }: Answer): void {
		const calls = blocks.flatMap(block => (block.type === 'tool_use' ? [block.id] : []))
		const body = toBody($state.snapshot(this.draft) as Draft)
		const said = fromBody({ ...body, messages: [{ role: 'assistant', content: [...blocks] }] }).messages
		const results = calls.map(id => jsonPart({ type: 'tool_result', tool_use_id: id, content: '' }))
		this.draft.messages = [...this.draft.messages, ...said, createMessage('user', ...results)]
	}

	forgetRecent(): void {
		this.recent = []
		storeRecent([])
	}
}

const write = (body: Body) => JSON.stringify(body, null, 2)
