import { z } from 'zod'
import type { FailureClass } from '../upstreams/contract.ts'

const failureClasses = [
	...(['auth', 'quota', 'rate_limit', 'server', 'network', 'timeout', 'client', 'moderation'] as const),
] satisfies FailureClass[]

const milliseconds = z.int().min(0)

/** What a probe of one upstream found. No secret in it. */
export const probeResultSchema = z
	.object({
		upstreamId: z.string(),
		upstreamName: z.string(),
		ok: z.boolean().meta({ description: 'Whether a message was answered as it should be.' }),
		status: z.int().meta({ description: 'HTTP status of the answer; 0 when there was none.' }),
		class: z
			.enum(['ok', ...failureClasses, 'cancelled'])
			.meta({ description: 'What the proxy would have made of it.' }),
		message: z.string().meta({ description: 'The sentence of the upstream, or one of ours; empty when ok.' }),
		url: z.string().meta({ description: 'The URL called, without secrets; empty when none was.' }),
		model: z.string().meta({ description: 'The model that was asked for.' }),
		answeredModel: z.string().nullable().meta({ description: 'The model that the answer names.' }),
		keyId: z.string().nullable(),
		keyMask: z.string().nullable(),
		connectMs: milliseconds.nullable().meta({
			description: 'Until the connection stood, TLS included; null where one was kept from before.',
		}),
		firstByteMs: milliseconds.nullable().meta({ description: 'Until the head of the answer came.' }),
		totalMs: milliseconds,
		at: z.int().meta({ description: 'Epoch ms.' }),
	})
	.meta({ id: 'ProbeResult' })

export type ProbeResult = z.infer<typeof probeResultSchema>
