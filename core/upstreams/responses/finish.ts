import type { BlockWriter } from '../../messages/block-writer.ts'
import type { StopReason } from '../../messages/events.ts'
import { isRecord } from '../shared/failure.ts'
import { asText } from '../shared/json-values.ts'
import { failWithOpenAiError } from '../shared/openai-error.ts'

/** Why a response is incomplete: https://platform.openai.com/docs/api-reference/responses/object */
const incompleteReasons: Readonly<Record<string, StopReason>> = {
	max_output_tokens: 'max_tokens',
	max_tokens: 'max_tokens',
	content_filter: 'refusal',
}

/** Finishes or fails the message by the response's status. A server that says none has completed. */
export function finishResponse(
	response: Record<string, unknown>,
	refused: boolean,
	blocks: BlockWriter,
): void {
	const { status } = response
	if (status === 'incomplete') return blocks.finish(toStopReason(response.incomplete_details, blocks))
	if (status !== 'completed' && status != null) {
		if (response.error && failWithOpenAiError(blocks, { error: response.error })) return
		return blocks.fail(unfinished(status))
	}
	blocks.finish(refused ? 'refusal' : 'end_turn')
}

function toStopReason(details: unknown, blocks: BlockWriter): StopReason {
	const reason = isRecord(details) ? asText(details.reason) : 'unknown'
	if (Object.hasOwn(incompleteReasons, reason)) return incompleteReasons[reason] ?? 'max_tokens'
	// Clients go on where a limit stopped the answer, which fits whatever else stopped it.
	const detail = `unknown reason for an incomplete answer "${reason.slice(0, 50)}" taken for the token limit`
	blocks.note({ field: 'incomplete_details', action: 'replaced', detail })
	return 'max_tokens'
}

function unfinished(status: unknown) {
	const message = `the upstream did not complete its answer: ${asText(status).slice(0, 50)}`
	return { type: 'api_error', message }
}
