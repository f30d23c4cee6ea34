import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import type {
	Clock,
	IncomingMessage,
	KeyHealthSink,
	LearnedFacts,
	Random,
	Recorder,
	TokenRates,
	Transport,
} from '../ports.ts'
import type { KeepRecording, RequestRecording } from '../recording/recorder.ts'
import type { UpstreamAdapter } from '../upstreams/contract.ts'
import type { CreateAnswerReader } from './answer-reader.ts'
import type { ClientAnswer } from './client-answer.ts'
import type { PreparedCall } from './prepare.ts'
import type { RequestDraft } from './request-draft.ts'
import type { UpstreamSlots } from './upstream-slots.ts'

/** What the proxy needs of its surroundings, the same for all requests. */
export interface ProxyServices {
	transport: Transport
	clock: Clock
	random: Random
	keyHealth: KeyHealthSink
	learnedFacts: LearnedFacts
	tokenRates: TokenRates
	record: Recorder
	/** Takes the bodies of requests where the settings want them; absent: nothing is recorded. */
	keepRecording?: KeepRecording
	/** Logs a fault of our own, with its stack. */
	reportFault(error: unknown, requestId: string, traceId?: string): void
	findAdapter(type: string): UpstreamAdapter | undefined
	/** The next number of an upstream's round robin. */
	nextTurn(upstreamId: string): number
	/** Epoch ms by the database's clock. */
	now(): number
	/** Longest silence of an upstream in ms, where the upstream has no setting of its own. */
	silenceMs: number
	/** Longest wait for a stream's first content, in the same way; 0: none. */
	firstContentMs: number
	slots: UpstreamSlots
}

/** A request that has got its id. */
export type ProxyRequest = IncomingMessage & { requestId: string }

/** Everything one request needs while it runs. */
export interface RequestScope {
	services: ProxyServices
	incoming: ProxyRequest
	snapshot: Snapshot
	upstream: UpstreamSnapshot
	call: PreparedCall
	client: ClientAnswer
	createReader: CreateAnswerReader
	draft: RequestDraft
	/** Undefined where nothing is recorded. */
	recording: RequestRecording | undefined
	/** Aborts when the platform's time for this request is about to end; undefined where nothing ends it. */
	timeLimit: AbortSignal | undefined
}
