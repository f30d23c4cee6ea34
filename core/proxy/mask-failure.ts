import { maskInJson, maskInText } from '../keys/mask.ts'
import type { UpstreamFailure } from '../upstreams/contract.ts'

/** A failure whose words quote nothing of what was sent: upstreams like to repeat what they refuse. */
export function maskFailure(failure: UpstreamFailure, secrets: readonly string[]): UpstreamFailure {
	const masked = { ...failure }
	for (const secret of secrets) {
		masked.message = maskInText(masked.message, secret)
		if (masked.json !== undefined) masked.json = maskInJson(masked.json, secret)
	}
	return masked
}
