import { z } from 'zod'
import { failureRules } from '../proxy/failure-classes.ts'
import type { FailureClass } from '../upstreams/contract.ts'
import { judgeKey, keyStates } from './states.ts'

const failureClasses = Object.keys(failureRules) as FailureClass[]
const epochMs = z.int().meta({ description: 'Epoch ms by the database’s clock; 0 for never.' })

export const keyScopeViewSchema = z
	.object({
		scope: z
			.string()
			.meta({ description: 'Empty for the key as a whole, else the model that was rate limited.' }),
		cooldownUntil: epochMs,
		streak: z.int().meta({ description: 'Incidents in a row.' }),
		failTotal: z.int(),
		lastFailAt: epochMs,
		lastOkAt: epochMs,
		lastError: z.string().meta({ description: 'The upstream’s sentence, without keys.' }),
		lastStatus: z.int(),
		lastClass: z.enum([...failureClasses, '']),
	})
	.meta({ id: 'KeyScopeView' })

export const keyViewSchema = z
	.object({
		id: z.string().meta({ example: 'key_b7d04e1c9a3f5826' }),
		mask: z.string().meta({ example: 'sk-ant-…9f2a' }),
		fingerprint: z.string().meta({ description: 'The same for the same key; tells nothing about it.' }),
		enabled: z.boolean(),
		readable: z.boolean().meta({ description: 'False when the ENCRYPTION_KEY in use does not open it.' }),
		position: z.int(),
		createdAt: epochMs,
		state: z.enum(keyStates),
		cooldownUntil: epochMs.meta({ description: 'Of the key as a whole; 0 when it does not cool.' }),
		scopes: z.array(keyScopeViewSchema).meta({ description: 'One per scope that ever failed.' }),
		demoted: z.boolean().meta({ description: 'Whether failures moved it behind the others.' }),
		lastUsedAt: epochMs,
	})
	.meta({ id: 'KeyView' })

export type KeyView = z.infer<typeof keyViewSchema>

/** A key as the database layer reads it. */
export interface KeyViewSource {
	id: string
	mask: string
	fingerprint: string
	enabled: boolean
	readable: boolean
	position: number
	createdAt: number
	state: readonly KeyView['scopes'][number][]
	demoted?: boolean
	lastUsedAt?: number
}

/** @param now database clock */
export function toKeyView(key: KeyViewSource, now: number): KeyView {
	const { id, mask, fingerprint, enabled, readable, position, createdAt, demoted = false } = key
	const seen = key.state.flatMap(({ lastFailAt, lastOkAt }) => [lastFailAt, lastOkAt])
	return {
		...{ id, mask, fingerprint, enabled, readable, position, createdAt },
		...judgeKey(key, now),
		scopes: [...key.state],
		demoted,
		lastUsedAt: Math.max(0, key.lastUsedAt ?? 0, ...seen),
	}
}
