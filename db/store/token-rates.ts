import { type Calibration, calibrate } from '../../core/messages/token-calibration.ts'
import type { RequestRecord, TokenRates } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import { KEPT_RATES, loadRates, type StoredRate, storeRates } from '../repositories/token-rates.ts'
import type { Statement } from '../sql.ts'
import { type StoreClock, systemClock } from './system-clock.ts'

export interface TokenRateStoreOptions {
	database: Database
	clock?: StoreClock
	/** Longest that `ready` takes, ms. */
	waitMs?: number
	defer?: (work: Promise<unknown>) => void
}

export interface TokenRateStore extends TokenRates {
	/** Learns from a request that is over. */
	observe(record: RequestRecord): void
	/** Stores the rates of these models, as part of the batch that stores the requests they were learnt from. */
	statements(models: readonly { upstreamId: string | null; model: string }[]): Statement[]
}

/** How long a failed reading of the stored rates stays unrepeated. */
const RETRY_MS = 30_000

/**
 * The rates in memory: each process learns for itself and starts from what is stored. The stored rates are read once,
 * in the background of the first request that wants one.
 */
export function createTokenRates(options: TokenRateStoreOptions): TokenRateStore {
	const { database, clock = systemClock, waitMs = 500 } = options
	const rates = new Map<string, StoredRate>()
	const wanted = new Set<string>()
	let loading: Promise<void> | undefined
	let retryAt = 0

	function keep(rate: StoredRate): void {
		const key = keyOf(rate.upstreamId, rate.model)
		rates.delete(key)
		rates.set(key, rate)
		const [oldest] = rates.keys()
		if (rates.size > KEPT_RATES && oldest !== undefined) rates.delete(oldest)
	}

	function takeStored(stored: readonly StoredRate[]): void {
		for (const rate of stored.toReversed()) {
			wanted.add(rate.upstreamId)
			const known = rates.get(keyOf(rate.upstreamId, rate.model))
			if (known === undefined || known.samples < rate.samples) keep(rate)
		}
	}

	function load(): Promise<void> {
		if (loading !== undefined || clock.elapsed() < retryAt) return loading ?? Promise.resolve()
		loading = loadRates(database).then(takeStored, () => {
			loading = undefined
			retryAt = clock.elapsed() + RETRY_MS
		})
		options.defer?.(loading)
		return loading
	}

	return {
		factor(upstreamId, model) {
			void load()
			wanted.add(upstreamId)
			return rates.get(keyOf(upstreamId, model))?.factor ?? 1
		},
		wants: upstreamId => wanted.has(upstreamId),
		ready: () => withinTime(load(), waitMs),
		observe(record) {
			const { upstreamId, estimatedInputTokens: estimated, usage, outcome } = record
			if (upstreamId === undefined || estimated === undefined || !usage || outcome !== 'ok') return
			const model = storedName(record.upstreamModel)
			const previous: Calibration | undefined = rates.get(keyOf(upstreamId, model))
			const learnt = calibrate(previous, estimated, countInput(usage))
			if (learnt !== undefined && learnt !== previous) keep({ upstreamId, model, ...learnt })
		},
		statements(models) {
			const keys = new Set(models.map(({ upstreamId, model }) => keyOf(upstreamId ?? '', storedName(model))))
			return storeRates([...keys].flatMap(key => rates.get(key) ?? []))
		},
	}
}

const keyOf = (upstreamId: string, model: string) => `${upstreamId}\n${storedName(model)}`
const storedName = (model: string) => model.slice(0, 200)

/** Anthropic counts what was read from or written to a cache apart. */
function countInput(usage: NonNullable<RequestRecord['usage']>): number {
	const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage
	return input_tokens + (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0)
}

async function withinTime(work: Promise<void>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined
	const timeout = new Promise<void>(resolve => {
		timer = setTimeout(resolve, ms)
	})
	await Promise.race([work, timeout])
	clearTimeout(timer)
}
