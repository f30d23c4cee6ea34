import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { ProbeResult } from '../../../../core/proxy/probe-result.ts'
import { backendUrl, read } from '../api/client.ts'
import type { Session } from '../session/session.svelte.ts'
import { latencyOf } from './latency.ts'
import { readEvents } from './read-events.ts'

/** A test of everything: `total` is known once the server has begun. */
export interface ProbeRun {
	state: 'running' | 'done' | 'cancelled' | 'failed'
	total: number | undefined
	results: readonly ProbeResult[]
	error?: unknown
}

/** Latency tests and their latest results, for as long as this tab is open. They never change the health of keys. */
class Probes {
	/** The latest of each upstream, whichever key answered. */
	readonly latest = new SvelteMap<string, ProbeResult>()
	/** The latest of each key that was tested by itself. */
	readonly ofKeys = new SvelteMap<string, ProbeResult>()
	/** Ids of the upstreams and keys that are being tested. */
	readonly running = new SvelteSet<string>()
	run: ProbeRun | undefined = $state.raw()
	#stopping: AbortController | undefined

	latencyOf(upstreamId: string): number | undefined {
		const result = this.latest.get(upstreamId)
		return result?.ok ? latencyOf(result) : undefined
	}

	/** Throws an ApiError when the test itself could not be made; a refusal of the upstream is a result. */
	async test(
		{ api }: Session,
		upstreamId: string,
		options: { keyId?: string; model?: string } = {},
	): Promise<ProbeResult | undefined> {
		const subject = options.keyId ?? upstreamId
		if (this.running.has(subject)) return undefined
		this.running.add(subject)
		try {
			const param = { id: upstreamId }
			const result = await read(api.upstreams[':id'].probe.$post({ param, json: options }))
			this.latest.set(upstreamId, result)
			if (options.keyId !== undefined) this.ofKeys.set(options.keyId, result)
			return result
		} finally {
			this.running.delete(subject)
		}
	}

	/** Tests every upstream that is enabled, three at once. */
	async testAll({ fetch }: Session): Promise<void> {
		this.cancel()
		const stopping = new AbortController()
		this.#stopping = stopping
		this.run = { state: 'running', total: undefined, results: [] }
		try {
			const response = await fetch(`${backendUrl}/api/probes`, {
				method: 'POST',
				headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
				body: JSON.stringify({ concurrency: 3 }),
				signal: stopping.signal,
			})
			for await (const { event, data } of readEvents(response)) this.#take(event, data)
			this.#end(stopping, { state: 'done' })
		} catch (error) {
			if (!stopping.signal.aborted) this.#end(stopping, { state: 'failed', error })
		}
	}

	cancel(): void {
		this.#stopping?.abort()
		if (this.run?.state === 'running') this.run = { ...this.run, state: 'cancelled' }
	}

	#take(event: string, data: unknown): void {
		if (this.run === undefined) return
		if (event === 'started') this.run = { ...this.run, total: (data as { total: number }).total }
		if (event !== 'result') return
		const result = data as ProbeResult
		this.latest.set(result.upstreamId, result)
		this.run = { ...this.run, results: [...this.run.results, result] }
	}

	#end(own: AbortController, end: Partial<ProbeRun>): void {
		if (this.#stopping === own && this.run?.state === 'running') this.run = { ...this.run, ...end }
	}
}

export const probes = new Probes()
