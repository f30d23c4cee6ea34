import type { Recording } from '../../../../core/config/recording.ts'
import type { Retention } from '../../../../core/config/retention.ts'
import type { PayloadsView, PayloadView } from '../../../../core/recording/payload-view.ts'
import type { RequestDetail } from '../../../../core/views/request-view.ts'

export type { RequestDetail, RequestView } from '../../../../core/views/request-view.ts'

export type Attempt = RequestDetail['attempts'][number]
export type RequestUsage = NonNullable<RequestDetail['usage']>

export const payloadNames = ['clientRequest', 'upstreamRequest', 'upstreamAnswer', 'clientAnswer'] as const
export type PayloadName = (typeof payloadNames)[number]

export type Payload = PayloadView
/** `GET /api/requests/:id/payloads`; null where none were recorded. */
export type Payloads = PayloadsView

/** What of the settings says how much is kept. */
export interface RecordingSettings {
	recording: Recording
	retention: Retention
}
